import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { cacheDir } from "./cache-dir";
import { withLock, type LockOptions } from "./lock";

export { cacheDir } from "./cache-dir";
export { withLock } from "./lock";

/** The directory that `once` keeps for `name` and `key`, whether it is there or not. */
export function cachePlace(name: string, key: string): string {
  return join(cacheDir(), name, key);
}

/** Whether `once` made it already. Costs one look at the disk. */
export function isCached(name: string, key: string): boolean {
  return existsSync(cachePlace(name, key));
}

/**
 * A directory of the cache that is made once and never changes after. `key` has to tell its content
 * apart from any other (a version, or a digest of what it is made from). `make` fills an empty directory
 * elsewhere, which takes its place whole at the end: what was interrupted is never taken for done, and
 * is made anew. Two processes that want it at once make it once; one waits for the other.
 */
export async function once(
  name: string,
  key: string,
  make: (dir: string) => Promise<void>,
  options?: LockOptions,
): Promise<string> {
  const place = cachePlace(name, key);
  if (existsSync(place)) return place;
  mkdirSync(dirname(place), { recursive: true });
  await withLock(
    `${name}-${key}`.replaceAll("/", "-"),
    async () => {
      if (existsSync(place)) return;
      removeRemains(place);
      const draft = `${place}.draft.${process.pid}`;
      mkdirSync(draft);
      try {
        await make(draft);
        settle(draft, place);
      } finally {
        rmSync(draft, { recursive: true, force: true });
      }
    },
    options,
  );
  return place;
}

/** What interrupted runs left. Nobody writes to it: the lock is ours. */
function removeRemains(place: string): void {
  for (const name of readdirSync(dirname(place))) {
    if (name.startsWith(`${basename(place)}.draft.`))
      rmSync(join(dirname(place), name), { recursive: true, force: true });
  }
}

function settle(draft: string, place: string): void {
  try {
    renameSync(draft, place);
  } catch (error) {
    // Containers that share the directory cannot see each other's locks. The other one was first.
    if (!existsSync(place)) throw error;
  }
}

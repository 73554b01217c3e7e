import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheDir } from "./cache-dir";

export interface LockOptions {
  /** Called once where another process holds the lock, with its number, before the wait. */
  onWait?: (pid: number) => void;
}

const POLL_MS = 200;

/**
 * Runs `work` while no other process of this machine runs work under the same name; waits for its turn
 * without limit. The lock of a process that was killed is taken over.
 */
export async function withLock<T>(
  name: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const directory = join(cacheDir(), "locks");
  mkdirSync(directory, { recursive: true });
  const lock = join(directory, name);
  const token = tokenOf(process.pid);
  let waited = false;
  while (!take(lock, token)) {
    const holder = readHolder(lock);
    if (holder !== undefined && !isAlive(holder)) {
      rmSync(join(lock, holder), { force: true });
      continue;
    }
    if (holder !== undefined && !waited) {
      waited = true;
      options.onWait?.(Number.parseInt(holder, 10));
    }
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    giveBack(lock, token);
  }
}

/**
 * A lock is a directory that holds one file named by its owner. It comes about by renaming a prepared one,
 * which fails where the directory is there with a file in it, and works where it is absent or empty. So a
 * dead owner's file can be removed by name by anyone, without ever removing that of a new owner.
 */
function take(lock: string, token: string): boolean {
  const prepared = `${lock}.${randomBytes(6).toString("hex")}`;
  mkdirSync(prepared);
  writeFileSync(join(prepared, token), "");
  try {
    renameSync(prepared, lock);
    return true;
  } catch (error) {
    rmSync(prepared, { recursive: true, force: true });
    if (["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

function giveBack(lock: string, token: string): void {
  rmSync(join(lock, token), { force: true });
  try {
    rmdirSync(lock);
  } catch {
    // The next one holds it already.
  }
}

function readHolder(lock: string): string | undefined {
  try {
    return readdirSync(lock)[0];
  } catch {
    return undefined;
  }
}

/** Number and start of a process: a later process may get the same number, but not both. */
function tokenOf(pid: number): string {
  return `${pid}-${startOf(pid) ?? "unknown"}`;
}

function isAlive(token: string): boolean {
  const pid = Number.parseInt(token, 10);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return token === tokenOf(pid);
}

/** Clock ticks since boot at which the process began, as Linux tells it; undefined for one that has ended. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces. After it come the state and, 19 fields on, the start.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

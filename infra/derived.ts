import { createHash } from "node:crypto";
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** Outside version control: what an unchanged checkout would otherwise work out again at every preview. */
const cacheDir = join(__dirname, "..", ".steamline", "cache");
const KEPT_ENTRIES = 40;

/** What was derived before from the same inputs on this machine, and a way to keep it. */
export interface Derived<T> {
  known: T | undefined;
  keep: (value: T) => void;
}

/**
 * @param kind A directory of the cache.
 * @param inputs All that the value depends on, the code that derives it included. As JSON.
 */
export function derived<T>(kind: string, inputs: unknown): Derived<T> {
  const directory = join(cacheDir, kind);
  const key = createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
  const file = join(directory, `${key}.json`);
  return { known: read<T>(file), keep: (value) => write(directory, file, value) };
}

/** Each file of `directory` and below with its text, in an order that does not change. */
export function textsBelow(directory: string): [string, string][] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [file.slice(directory.length), readFileSync(file, "utf8")]);
}

function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch {
    return undefined;
  }
}

/** Keeping is a convenience: a checkout that cannot be written to only costs the time again. */
function write(directory: string, file: string, value: unknown): void {
  try {
    mkdirSync(directory, { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(value));
    renameSync(draft, file);
    const entries = readdirSync(directory).map((name) => join(directory, name));
    const byAge = entries.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    for (const old of byAge.slice(KEPT_ENTRIES)) rmSync(old, { force: true });
  } catch {
    return;
  }
}

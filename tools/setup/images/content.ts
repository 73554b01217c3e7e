import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Characters of a digest that tell images apart. */
const LENGTH = 12;

/** A short digest of `parts`, in order. */
export function digest(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  // Lengths keep ["ab", "c"] and ["a", "bc"] apart.
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex").slice(0, LENGTH);
}

/** A short digest of all files below `directory`: their names, content, and whether they can be run. */
export function digestDirectory(directory: string): string {
  const files = readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return digest(
    ...files.flatMap((file) => {
      const runs = statSync(file).mode & 0o100 ? "x" : "-";
      return [file.slice(directory.length), runs, readFileSync(file)];
    }),
  );
}

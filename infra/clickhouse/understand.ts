import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { version as chdbVersion } from "chdb/package.json";
import type { SqlFile } from "./catalog";
import { renderSql, type PlaceholderValues } from "./render";
import { Scratch, type Understood } from "./scratch";
import { canonicalText } from "./statement";

/** What was understood before is kept here, outside version control, so that an unchanged catalog costs nothing. */
const cacheDir = join(__dirname, "..", "..", ".steamline", "cache", "sql");
const KEPT_ENTRIES = 40;
/** Code that decides how files are understood: another version of it may understand the same ones otherwise. */
const understanding = [
  "scratch",
  "scratch-statement",
  "virtual-columns",
  "definition",
  "plan-columns",
  "understand",
];

/**
 * What the engine makes of each file, by name. Loads the embedded engine only where something changed since
 * the last time on this machine.
 * @param values each placeholder's value, or a stand-in of its type.
 */
export function understand(
  catalog: readonly SqlFile[],
  values: PlaceholderValues,
): Map<string, Understood> {
  const objects = catalog.map((file) => ({
    name: file.name,
    kind: file.kind,
    statement: renderSql(file.sql, values, file.file),
  }));
  const key = createHash("sha256")
    .update(JSON.stringify([codeText(), chdbVersion, objects]))
    .digest("hex");
  const known = fromCache(key);
  if (known) return known;
  const scratch = new Scratch(objects.map(({ statement }) => statement));
  try {
    const understood = scratch.make(objects);
    for (const object of objects) {
      // Values of a collection may be secret: its text is taken as it is, and stays out of the cache.
      if (object.kind === "collection" && !("error" in (understood.get(object.name) ?? {})))
        understood.set(object.name, { definition: "" });
    }
    const faultless = [...understood.values()].every((found) => "definition" in found);
    if (faultless) toCache(key, understood);
    return understood;
  } finally {
    scratch.close();
  }
}

/** A collection's statement is compared as it is written, layout aside. */
export function definitionOf(
  file: SqlFile,
  understood: ReadonlyMap<string, Understood>,
  statement: string,
): string {
  const found = understood.get(file.name);
  const definition = found && "definition" in found ? found.definition : "";
  return definition || canonicalText(statement);
}

function codeText(): string[] {
  return understanding.map((name) => readFileSync(join(__dirname, `${name}.ts`), "utf8"));
}

function fromCache(key: string): Map<string, Understood> | undefined {
  try {
    const text = readFileSync(join(cacheDir, `${key}.json`), "utf8");
    return new Map(JSON.parse(text) as [string, Understood][]);
  } catch {
    return undefined;
  }
}

/** Keeping is a convenience: a checkout that cannot be written to only costs the time again. */
function toCache(key: string, understood: ReadonlyMap<string, Understood>): void {
  try {
    mkdirSync(cacheDir, { recursive: true });
    writeFileSync(join(cacheDir, `${key}.json`), JSON.stringify([...understood]));
    const entries = readdirSync(cacheDir).map((name) => join(cacheDir, name));
    const byAge = entries.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    for (const old of byAge.slice(KEPT_ENTRIES)) rmSync(old, { force: true });
  } catch {
    return;
  }
}

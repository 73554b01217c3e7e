import { readFileSync } from "node:fs";
import { join } from "node:path";
import { version as chdbVersion } from "chdb/package.json";
import { derived } from "../derived";
import type { SqlFile } from "./catalog";
import { renderSql, type PlaceholderValues } from "./render";
import { Scratch, type Understood } from "./scratch";
import { canonicalText } from "./statement";

/** Code that decides how files are understood: another version of it may understand the same ones otherwise. */
const understanding = [
  "scratch",
  "scratch-statement",
  "stand-in",
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
  const before = derived<[string, Understood][]>("sql", [codeText(), chdbVersion, objects]);
  if (before.known) return new Map(before.known);
  const scratch = new Scratch(objects.map(({ statement }) => statement));
  try {
    const understood = scratch.make(objects);
    for (const object of objects) {
      // Values of a collection may be secret: its text is taken as it is, and stays out of the cache.
      if (object.kind === "collection" && !("error" in (understood.get(object.name) ?? {})))
        understood.set(object.name, { definition: "" });
    }
    const faultless = [...understood.values()].every((found) => "definition" in found);
    if (faultless) before.keep([...understood]);
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

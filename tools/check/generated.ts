import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { checkout } from "../lib/paths";
import { columnsFile, generateColumns } from "./generate";
import { generateRecordTables, recordTablesFile } from "./record-tables";
import { Scratch } from "./scratch";

/** A tracked file that is written from `sql/`. */
export interface GeneratedFile {
  /** Relative to the checkout. */
  name: string;
  /** What `sql/` gives now. */
  text: string;
  /** Whether the file says something else. */
  isStale: boolean;
}

/**
 * All files that are written from `sql/`. Needs a process in which no other engine is open.
 * @throws Error that names the file which the engine refuses.
 */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  const scratch = new Scratch();
  const columns = await generateColumns(scratch).finally(() => scratch.close());
  return [[columnsFile, columns] as const, [recordTablesFile, generateRecordTables()] as const].map(
    ([path, text]) => {
      const before = existsSync(path) ? readFileSync(path, "utf8") : "";
      return { name: relative(checkout, path), text, isStale: before !== text };
    },
  );
}

export function writeGenerated(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** What a person is told of a file that does not fit `sql/`. */
export function staleMessage({ name }: GeneratedFile): string {
  return `${name} is not what sql/ gives now; run npm run generate`;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where a panel's SQL stands, one query a file. */
export const queriesDir = join(__dirname, "..", "sql", "queries");

/** The SQL of `sql/queries/<name>.sql`, as it goes into a panel. */
export function sqlOf(name: string): string {
  return readFileSync(join(queriesDir, `${name}.sql`), "utf8")
    .trim()
    .replace(/;$/, "");
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { QueryColumns } from "./generated/columns";

/** Where the panels' SQL stands, one query a file. */
export const queriesDir = join(__dirname, "..", "sql", "queries");

/** A file of `sql/queries/`, by folder and name. */
export type QueryName = keyof QueryColumns;

/** A column of a query's result. */
export type ColumnOf<Q extends QueryName> = keyof QueryColumns[Q] & string;

/** Queries that give a `time` first of all, as a time series must. */
export type TimeSeriesQuery = {
  [Q in QueryName]: QueryColumns[Q] extends { time: `DateTime${string}` } ? Q : never;
}[QueryName];

/** The SQL of `sql/queries/<name>.sql`, as it goes into a panel. */
export function sqlOf(name: QueryName): string {
  return readFileSync(join(queriesDir, `${name}.sql`), "utf8")
    .trim()
    .replace(/;$/, "");
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../lib/paths";
import { queriesDir } from "../../dashboards/queries";
import { expand } from "./expand";
import type { Engine } from "./scratch";

/** The tracked file that the types stand in. */
export const columnsFile = join(checkout, "dashboards", "generated", "columns.ts");

const LINE_WIDTH = 100;
const HEAD = `// Written by "npm run generate" from sql/ and sql/queries/, as the engine understands them. Not edited by hand.
`;

/** Names of all queries of `sql/queries/`, as folder and file without its ending. */
export function queryNames(): string[] {
  return readdirSync(queriesDir, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -".sql".length))
    .sort();
}

/**
 * The text of the generated file: the columns of each table and of each query's result.
 * @throws Error that names the file of a query which the engine refuses.
 */
export async function generateColumns(engine: Engine): Promise<string> {
  const { rows } = await engine.query(
    `SELECT table, name, type FROM system.columns WHERE database = currentDatabase()
     AND table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree')
     ORDER BY table, position`,
  );
  const tables = new Map<string, [string, string][]>();
  for (const row of rows) {
    const table = String(row["table"]);
    tables.set(table, [...(tables.get(table) ?? []), [String(row["name"]), String(row["type"])]]);
  }
  const queries: [string, [string, string][]][] = [];
  for (const name of queryNames()) queries.push([name, await resultColumns(engine, name)]);
  return [
    HEAD,
    "/** Columns of each table of `sql/`, with their types in ClickHouse. */",
    "export interface TableColumns {",
    ...[...tables].map(([table, columns]) => member(table, columns)),
    "}",
    "",
    "/** Columns of the result of each file of `sql/queries/`. */",
    "export interface QueryColumns {",
    ...queries.map(([name, columns]) => member(name, columns)),
    "}",
    "",
  ].join("\n");
}

async function resultColumns(engine: Engine, name: string): Promise<[string, string][]> {
  const sql = readFileSync(join(queriesDir, `${name}.sql`), "utf8");
  const now = new Date();
  const range = { from: new Date(now.getTime() - 86_400_000), to: now, intervalMs: 60_000 };
  try {
    const query = expand(sql.trim().replace(/;$/, ""), range, {
      game: ["730"],
      poll_seconds: ["60"],
    });
    const { rows } = await engine.query(`DESCRIBE (${query}\n)`);
    return rows.map((row) => [String(row["name"]), String(row["type"])]);
  } catch (error) {
    throw new Error(
      `sql/queries/${name}.sql: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** A member as prettier leaves it: on one line where it fits. */
function member(name: string, columns: readonly (readonly [string, string])[]): string {
  const fields = columns.map(([column, type]) => `${key(column)}: ${JSON.stringify(type)}`);
  const short = `  ${key(name)}: { ${fields.join("; ")} };`;
  if (short.length <= LINE_WIDTH) return short;
  return [`  ${key(name)}: {`, ...fields.map((field) => `    ${field};`), "  };"].join("\n");
}

function key(name: string): string {
  return /^[a-z_]\w*$/i.test(name) ? name : JSON.stringify(name);
}

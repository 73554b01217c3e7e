import { join } from "node:path";
import { readCatalog } from "../../infra/clickhouse/catalog";
import { parseTable, type TableDefinition } from "../../infra/clickhouse/definition";
import { Flow } from "../../infra/clickhouse/flow";
import { understand } from "../../infra/clickhouse/understand";
import { standIns } from "../../infra/clickhouse/validate";
import { checkout } from "../lib/paths";

/** The tracked file that the producer's records stand in. */
export const recordTablesFile = join(checkout, "pipeline", "generated", "tables.ts");

const HEAD = `// Written by "npm run generate" from sql/, as the engine understands it. Not edited by hand.

/** The tables that records end in, each with its key and the columns that messages carry. */
export const tables = {`;

/**
 * The text of the generated file: a table for each Kafka table of a directory like `sql/` that is called
 * `kafka_` and the table its rows end in. The columns are the Kafka table's, with their types where they are
 * stored, as a Kafka table may read a type wider. The key is what the rows are ordered by first. Needs a process in
 * which no other engine is open.
 *
 * @throws Error that names the file which the engine refuses, or whose key no message carries.
 */
export function generateRecordTables(directory = join(checkout, "sql")): string {
  const catalog = readCatalog(directory);
  const understood = understand(catalog, standIns(catalog));
  const definitionOf = (name: string): TableDefinition => {
    const found = understood.get(name);
    if (found && "definition" in found) return parseTable(found.definition);
    throw new Error(`sql/${name}.sql: ${found?.error ?? "is not there"}`);
  };
  const flow = new Flow(catalog);
  const made = catalog
    .filter(({ kind }) => kind === "kafka")
    .flatMap(({ name }) => {
      const end = flow.before(name).find((target) => name === `kafka_${target}`);
      return end === undefined ? [] : [tableText(end, definitionOf(name), definitionOf(end))];
    });
  return [HEAD, ...made.sort(), "} as const;", ""].join("\n");
}

function tableText(name: string, { columns }: TableDefinition, end: TableDefinition): string {
  const key = end.sortingKey.split(",")[0]?.trim() ?? "";
  if (!columns.some((column) => column.name === key)) {
    throw new Error(
      `sql/${name}.sql: it is ordered by ${key || "nothing"} first, which is no column of kafka_${name}, so that records have no key`,
    );
  }
  return [
    `  ${name}: {`,
    `    name: ${JSON.stringify(name)},`,
    `    key: ${JSON.stringify(key)},`,
    "    columns: [",
    ...columns.map(
      ({ name: column, type }) =>
        `      { name: ${JSON.stringify(column)}, type: ${JSON.stringify(messageType(storedAs(end, column) ?? type))} },`,
    ),
    "    ],",
    "  },",
  ].join("\n");
}

function storedAs(end: TableDefinition, name: string): string | undefined {
  return end.columns.find((column) => column.name === name)?.type;
}

/** How ClickHouse stores a value's repetitions, or that it looks for one that is missing, is nothing to a message. */
function messageType(type: string): string {
  return type.replace(/LowCardinality\((\w+)\)/g, "$1").replace(/^Nullable\((.*)\)$/, "$1");
}

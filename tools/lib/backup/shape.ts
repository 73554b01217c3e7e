import { isDeepStrictEqual } from "node:util";
import type { ClickHouseClient } from "@clickhouse/client";
import { rows } from "../../../infra/clickhouse/client";
import { parseTable, type TableDefinition } from "../../../infra/clickhouse/definition";
import { quoteIdentifier, quoteString } from "../../../infra/clickhouse/render";
import type { BackedUpTable } from "./manifest";

/** A table as it stands; undefined where there is none. */
export async function shapeOf(
  client: ClickHouseClient,
  { database, name }: Pick<BackedUpTable, "database" | "name">,
): Promise<TableDefinition | undefined> {
  const [table] = await rows<{ create_table_query: string }>(
    client,
    `SELECT create_table_query FROM system.tables WHERE database = ${quoteString(database)} AND name = ${quoteString(name)}`,
  );
  return table && parseTable(table.create_table_query);
}

/** Whether parts of one table can be parts of the other. */
export function fits(one: TableDefinition, other: TableDefinition): boolean {
  const parts = ({ columns, ...table }: TableDefinition) => ({
    columns: columns.map(({ name, type }) => [name, type]),
    keys: [table.partitionKey, table.sortingKey, table.primaryKey, table.samplingKey],
    engine: table.engine,
    indices: table.indices,
    projections: table.projections,
  });
  return isDeepStrictEqual(parts(one), parts(other));
}

/** Columns with values of their own that both have, quoted: what can be copied from one to the other. */
export function commonColumns(from: TableDefinition, to: TableDefinition): string {
  const holds = ({ defaultKind }: { defaultKind: string }) =>
    defaultKind === "" || defaultKind === "DEFAULT";
  const there = new Set(from.columns.filter(holds).map(({ name }) => name));
  return to.columns
    .filter((column) => holds(column) && there.has(column.name))
    .map(({ name }) => quoteIdentifier(name))
    .join(", ");
}

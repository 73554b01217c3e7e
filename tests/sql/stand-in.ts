import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "chdb";
import { readCatalog } from "../../infra/clickhouse/catalog";
import { parseTable } from "../../infra/clickhouse/definition";
import { renderSql } from "../../infra/clickhouse/render";
import { forScratch } from "../../infra/clickhouse/scratch-statement";

export const sqlDir = join(__dirname, "../../sql");

/** Every object of `sql/` in an engine of its own, where rows are given to the Kafka tables by INSERT. */
export interface StandIn {
  session: Session;
  /** What a query gives, as TSV without the last line's end. */
  ask(query: string): string;
  close(): void;
}

/** @param config of the engine, as XML. @default none */
export function openStandIn(catalog = readCatalog(sqlDir), config?: string): StandIn {
  const directory = mkdtempSync(join(tmpdir(), "stand-in-"));
  const file = join(directory, "config.xml");
  if (config !== undefined) writeFileSync(file, config);
  const connectionArgs = config === undefined ? [] : [`--config-file=${file}`];
  const session = new Session(join(directory, "data"), { connectionArgs });
  for (const { name, kind, sql, file } of catalog) {
    if (kind === "kafka") session.query(`CREATE TABLE ${name} ${handingOn(sql)}`);
    else if (kind !== "collection")
      session.query(forScratch(renderSql(sql, { ttlDays: 90 }, file)));
  }
  return {
    session,
    ask: (query) => session.query(query, "TSV").trim(),
    close: () => {
      session.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** A table that hands rows on to its views, as a Kafka table does. */
function handingOn(sql: string): string {
  const { columns } = parseTable(sql);
  const declared = columns.map(({ name, type }) => `${name} ${type}`).join(", ");
  return `(${declared}, _topic LowCardinality(String), _key String, _offset UInt64, _partition UInt64, _timestamp Nullable(DateTime), \`_headers.name\` Array(String), \`_headers.value\` Array(String), _raw_message String, _error String) ENGINE = Null`;
}

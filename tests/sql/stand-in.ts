import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "chdb";
import { readCatalog } from "../../infra/clickhouse/catalog";
import { parseTable } from "../../infra/clickhouse/definition";
import { renderSql } from "../../infra/clickhouse/render";

export const sqlDir = join(__dirname, "../../sql");

/** Every object of `sql/` in an engine of its own, where rows are given to the Kafka tables by INSERT. */
export interface StandIn {
  session: Session;
  /** What a query gives, as TSV without the last line's end. */
  ask(query: string): string;
  close(): void;
}

export function openStandIn(): StandIn {
  const directory = mkdtempSync(join(tmpdir(), "stand-in-"));
  const session = new Session(directory);
  for (const { name, kind, sql, file } of readCatalog(sqlDir)) {
    if (kind === "kafka") session.query(`CREATE TABLE ${name} ${handingOn(sql)}`);
    else if (kind !== "collection") session.query(renderSql(sql, { ttlDays: 90 }, file));
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

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Session } from "chdb";
import { renameTable } from "./statement";

/** A column as the engine describes it. */
export interface ColumnShape {
  name: string;
  type: string;
  default_kind: string;
  default_expression: string;
  comment: string;
  compression_codec: string;
}

/** A table as the engine understands its CREATE statement, whichever way that is written. */
export interface TableShape {
  engine: string;
  partitionKey: string;
  sortingKey: string;
  primaryKey: string;
  samplingKey: string;
  /** The TTL expression, empty where there is none. */
  ttl: string;
  settings: Record<string, string>;
  columns: ColumnShape[];
  indices: { name: string; expr: string; type_full: string; granularity: string }[];
  /** The whole statement in the engine's own words. */
  createQuery: string;
}

/**
 * What the engine makes of each CREATE TABLE statement. Tables are created in a scratch directory of the
 * embedded engine: no server is asked, nothing is left.
 * @throws the engine's own error for a statement that it refuses.
 */
export function tableShapes(statements: readonly string[]): TableShape[] {
  const directory = mkdtempSync(join(tmpdir(), "steamline-shape-"));
  // Loading the engine takes a while, and only a table that changes needs it.
  const chdb = require("chdb") as typeof import("chdb");
  const session = new chdb.Session(directory);
  try {
    return statements.map((statement, i) => {
      const name = `shape_${i}`;
      session.query(renameTable(statement, name));
      return describe(session, name);
    });
  } finally {
    session.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function describe(session: Session, name: string): TableShape {
  const rows = (query: string): Record<string, string>[] =>
    String(session.query(query, "JSONEachRow"))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, string>);
  const where = `database = currentDatabase() AND table = '${name}'`;
  const [table = {}] = rows(
    `SELECT * FROM system.tables WHERE database = currentDatabase() AND name = '${name}'`,
  );
  const columns = rows(
    `SELECT name, type, default_kind, default_expression, comment, compression_codec FROM system.columns WHERE ${where} ORDER BY position`,
  );
  const indices = rows(
    `SELECT name, expr, type_full, toString(granularity) AS granularity FROM system.data_skipping_indices WHERE ${where} ORDER BY name`,
  );
  const full = table["engine_full"] ?? "";
  const [beforeSettings = "", settings = ""] = full.split(/ SETTINGS (?=[a-z_]+ = )/);
  return {
    engine: beforeSettings.split(/ (?:PARTITION BY|PRIMARY KEY|ORDER BY|SAMPLE BY|TTL) /)[0] ?? "",
    partitionKey: table["partition_key"] ?? "",
    sortingKey: table["sorting_key"] ?? "",
    primaryKey: table["primary_key"] ?? "",
    samplingKey: table["sampling_key"] ?? "",
    ttl: beforeSettings.split(/ TTL /)[1] ?? "",
    settings: Object.fromEntries(
      settings
        .split(/, (?=[a-z_]+ = )/)
        .filter((setting) => setting !== "")
        .map((setting) => setting.split(" = ") as [string, string]),
    ),
    columns: columns as unknown as ColumnShape[],
    indices: indices as unknown as TableShape["indices"],
    createQuery: (table["create_table_query"] ?? "").replace(/^(CREATE TABLE )\S+/, "$1"),
  };
}

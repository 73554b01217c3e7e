import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "chdb";
import { readCatalog } from "../../infra/clickhouse/catalog";
import { DEFAULT_PROFILE } from "../../infra/clickhouse/profile";
import { renderSql } from "../../infra/clickhouse/render";
import { checkout } from "../lib/paths";

/** So long that no row of a trial is ever too old, and not so long that a DateTime would overflow. */
const TTL_DAYS = 20_000;

/** A column of a result, by the name and type that the engine gives it. */
export interface Column {
  name: string;
  type: string;
}

/** A result, its rows by column name. */
export interface Result {
  columns: Column[];
  rows: Record<string, unknown>[];
}

/** Anything that answers a query: the scratch engine, or a running stack's ClickHouse. */
export interface Engine {
  /** @throws Error with the engine's own words for a query it refuses. */
  query(sql: string): Promise<Result>;
}

/** An embedded engine of its own with the tables of `sql/`, in a directory that `close` removes. */
export class Scratch implements Engine {
  private readonly directory = mkdtempSync(join(tmpdir(), "steamline-scratch-"));
  private readonly session = new Session(join(this.directory, "data"), {
    connectionArgs: settings(this.directory),
  });

  /** Makes the tables and the views between them. There is no broker, so nothing reads from Kafka. */
  constructor() {
    // As the account of the dashboards has it: rows of one key are one row.
    this.session.query("SET final = 1");
    const catalog = readCatalog(join(checkout, "sql"));
    const kafka = new Set(catalog.filter(({ kind }) => kind === "kafka").map(({ name }) => name));
    for (const { kind, references, sql, file } of catalog) {
      const fed = references.some((name) => kafka.has(name));
      if (kind !== "table" && (kind !== "view" || fed)) continue;
      this.session.query(renderSql(sql, { ttlDays: TTL_DAYS }, file));
    }
  }

  query(sql: string): Promise<Result> {
    return Promise.resolve().then(() => this.run(sql));
  }

  /** Runs a statement that answers nothing. */
  execute(sql: string): void {
    this.session.query(sql);
  }

  /** Counts the hours of what is stored by now, which a running stack does every minute. */
  countHours(): void {
    this.session.query("SYSTEM REFRESH VIEW steam_hourly_players_mv");
    this.session.query("SYSTEM WAIT VIEW steam_hourly_players_mv");
  }

  /** Stores `rows`, lines of tab-separated values, in `table`. */
  async insert(table: string, rows: string): Promise<void> {
    if (rows !== "") await this.session.insert({ table, values: rows, format: "TSV" });
  }

  /** Stores one row, by column name. */
  async insertJson(table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
    await this.session.insert({ table, values: JSON.stringify(row), format: "JSONEachRow" });
  }

  close(): void {
    this.session.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private run(sql: string): Result {
    return parseResult(String(this.session.query(sql, "JSONCompact")));
  }
}

/** Reads ClickHouse's JSONCompact. */
export function parseResult(json: string): Result {
  const { meta, data } = JSON.parse(json) as { meta: Column[]; data: unknown[][] };
  const rows = data.map((values) =>
    Object.fromEntries(meta.map(({ name }, i) => [name, values[i]])),
  );
  return { columns: meta, rows };
}

/** The profile of a stack's own engine. */
function settings(directory: string): string[] {
  const [config, users] = [join(directory, "config.xml"), join(directory, "users.xml")];
  const user =
    "<default><password></password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default>";
  writeFileSync(
    users,
    `<clickhouse><profiles>${DEFAULT_PROFILE}</profiles><quotas><default/></quotas><users>${user}</users></clickhouse>`,
  );
  writeFileSync(config, `<clickhouse><users_config>${users}</users_config></clickhouse>`);
  return [`--config-file=${config}`];
}

import type { Session } from "chdb";
import type { EngineLog } from "./engine-log";
import { withoutSecrets } from "./secrets";

/** One finished or failed query, in the columns of the official `system.query_log` that people ask for. */
export interface LoggedQuery {
  type: "QueryFinish" | "ExceptionBeforeStart" | "ExceptionWhileProcessing";
  startedAt: Date;
  durationMs: number;
  /** By which the engine's log knows the query; what it read is taken from there. */
  mark: string;
  readRows: number;
  readBytes: number;
  resultRows: number;
  resultBytes: number;
  writtenRows: number;
  query: string;
  queryId: string;
  user: string;
  database: string;
  kind: string;
  exceptionCode: number;
  exception: string;
  userAgent: string;
  httpMethod: number;
}

const FLUSH_MS = 1_000;
/** Newest queries that are kept, in memory as the engine keeps its `system` database. */
const KEPT_ROWS = 20_000;
const KEPT_BYTES = 64 * 2 ** 20;
const LONGEST_QUERY = 20_000;

const TABLE = `CREATE TABLE IF NOT EXISTS system.query_log (
  type Enum8('QueryStart' = 1, 'QueryFinish' = 2, 'ExceptionBeforeStart' = 3, 'ExceptionWhileProcessing' = 4),
  event_date Date, event_time DateTime, event_time_microseconds DateTime64(6),
  query_start_time DateTime, query_start_time_microseconds DateTime64(6), query_duration_ms UInt64,
  read_rows UInt64, read_bytes UInt64, written_rows UInt64, written_bytes UInt64,
  result_rows UInt64, result_bytes UInt64, memory_usage UInt64,
  current_database String, query String, query_kind LowCardinality(String),
  exception_code Int32, exception String, is_initial_query UInt8, user String, query_id String,
  initial_user String, initial_query_id String, interface UInt8, http_method UInt8, http_user_agent String
) ENGINE = Memory SETTINGS min_rows_to_keep = 100, max_rows_to_keep = ${KEPT_ROWS},
  min_bytes_to_keep = 4096, max_bytes_to_keep = ${KEPT_BYTES}`;

/** Keeps what `system.query_log` answers, which the embedded engine does not write itself. */
export class QueryLog {
  private waiting: LoggedQuery[] = [];
  private readonly timer: NodeJS.Timeout;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly session: Session,
    private readonly engineLog: EngineLog,
  ) {
    session.query(TABLE);
    this.timer = setInterval(() => void this.flush(), FLUSH_MS).unref();
  }

  add(query: LoggedQuery): void {
    this.waiting.push(query);
    if (this.waiting.length > KEPT_ROWS) this.waiting.shift();
  }

  /** Writes what waits. `SYSTEM FLUSH LOGS` calls it too. A log that cannot be written stops no query. */
  flush(): Promise<void> {
    this.flushing = this.flushing.then(() => this.write()).catch(() => undefined);
    return this.flushing;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async write(): Promise<void> {
    if (this.waiting.length === 0) return;
    const queries = this.waiting;
    this.waiting = [];
    const rows: string[] = [];
    for (const query of queries) {
      const read = await this.engineLog.take(query.mark);
      if (read) Object.assign(query, { readRows: read.rows, readBytes: read.bytes });
      rows.push(rowOf(query));
    }
    const values = Buffer.from(rows.join("\n"));
    await this.session.insert({ table: "system.query_log", values, format: "JSONEachRow" });
  }
}

function rowOf(query: LoggedQuery): string {
  const end = new Date(query.startedAt.getTime() + query.durationMs);
  return JSON.stringify({
    type: query.type,
    event_date: seconds(end).slice(0, 10),
    event_time: seconds(end),
    event_time_microseconds: precise(end),
    query_start_time: seconds(query.startedAt),
    query_start_time_microseconds: precise(query.startedAt),
    query_duration_ms: query.durationMs,
    read_rows: query.readRows,
    read_bytes: query.readBytes,
    written_rows: query.writtenRows,
    result_rows: query.resultRows,
    result_bytes: query.resultBytes,
    current_database: query.database,
    query: withoutSecrets(query.query).slice(0, LONGEST_QUERY),
    query_kind: query.kind,
    exception_code: query.exceptionCode,
    exception: withoutSecrets(query.exception),
    is_initial_query: 1,
    user: query.user,
    initial_user: query.user,
    query_id: query.queryId,
    initial_query_id: query.queryId,
    interface: 2,
    http_method: query.httpMethod,
    http_user_agent: query.userAgent,
  });
}

/** In the time zone of the process, in which the engine reads it. */
function seconds(at: Date): string {
  return local(at).toISOString().slice(0, 19).replace("T", " ");
}

function precise(at: Date): string {
  return local(at).toISOString().slice(0, 23).replace("T", " ");
}

function local(at: Date): Date {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
}

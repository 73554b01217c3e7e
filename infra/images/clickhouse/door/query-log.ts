import type { Session } from "chdb";

/** One finished or failed query, in the columns of the official `system.query_log` that people ask for. */
export interface LoggedQuery {
  type: "QueryFinish" | "ExceptionWhileProcessing";
  startedAt: Date;
  durationMs: number;
  readRows: number;
  readBytes: number;
  resultRows: number;
  resultBytes: number;
  writtenRows: number;
  query: string;
  queryId: string;
  user: string;
  kind: string;
  exceptionCode: number;
  exception: string;
  userAgent: string;
}

const FLUSH_MS = 1_000;
/** Newest queries that are kept, in memory as the engine keeps its `system` database. */
const KEPT_ROWS = 20_000;
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
) ENGINE = Memory SETTINGS min_rows_to_keep = ${KEPT_ROWS / 2}, max_rows_to_keep = ${KEPT_ROWS}`;

/** Keeps what `system.query_log` answers, which the embedded engine does not write itself. */
export class QueryLog {
  private waiting: LoggedQuery[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly session: Session) {
    session.query(TABLE);
    this.timer = setInterval(() => void this.flush(), FLUSH_MS).unref();
  }

  add(query: LoggedQuery): void {
    this.waiting.push(query);
    if (this.waiting.length > KEPT_ROWS) this.waiting.shift();
  }

  /** Writes what waits. `SYSTEM FLUSH LOGS` calls it too. */
  async flush(): Promise<void> {
    if (this.waiting.length === 0) return;
    const rows = this.waiting.map(rowOf);
    this.waiting = [];
    await this.session.insert({
      table: "system.query_log",
      values: rows.join("\n"),
      format: "JSONEachRow",
    });
  }

  close(): void {
    clearInterval(this.timer);
  }
}

function rowOf(query: LoggedQuery): string {
  const end = new Date(query.startedAt.getTime() + query.durationMs);
  const seconds = (at: Date) => at.toISOString().slice(0, 19).replace("T", " ");
  const precise = (at: Date) => at.toISOString().slice(0, 23).replace("T", " ");
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
    current_database: "default",
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
    http_user_agent: query.userAgent,
  });
}

/** Hides what ClickHouse's own log hides: passwords, and every value of a named collection. */
export function withoutSecrets(text: string): string {
  const collection = /^\s*(CREATE|ALTER)\s+NAMED\s+COLLECTION\b/i.test(text);
  const hidden = text.replace(
    /((?:identified\s+(?:with\s+\w+\s+)?by|\b\w*(?:password|secret|access_key)\w*['"`]?\s*=)\s*)'(?:[^'\\]|\\.)*'/gi,
    "$1'[HIDDEN]'",
  );
  return collection ? hidden.replace(/=\s*('(?:[^'\\]|\\.)*'|[\w.]+)/g, "= '[HIDDEN]'") : hidden;
}

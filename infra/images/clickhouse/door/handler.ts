import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { authenticate, type Account, type AccountsFile } from "./accounts";
import { readStatement, type Asked } from "./body";
import type { Engine } from "./engine";
import type { EngineLog } from "./engine-log";
import { DoorError, fromEngine } from "./errors";
import { prepare, type Restore } from "./prepare";
import type { LoggedQuery, QueryLog } from "./query-log";
import { readForm, readHead, type DoorRequest } from "./request";
import { sendChunks, sendError, type ServerFacts } from "./respond";
import { checkAllowed, onlyReads } from "./rules";
import { run, type Outcome } from "./run";
import type { Sessions } from "./sessions";
import { MAX_QUERIES } from "./threads";

export interface DoorParts {
  engine: Engine;
  engineLog: EngineLog;
  accounts: AccountsFile;
  sessions: Sessions;
  queryLog: QueryLog;
  facts: ServerFacts;
  /** Where data of INSERTs waits for the engine. */
  spoolDir: string;
}

/** Between two attempts at stopping a query whose client has gone. */
const KILL_AGAIN_MS = 250;

/** Settings that make of an answer in rows one that cannot be cut into chunks. */
const WHOLE = /^(extremes|output_format_json_array_of_rows)$/;

let lastMark = 0;
/** Queries that are under way. */
const running = new Set<string>();

/** Answers one query. Every way it can fail ends in an answer, never in an exception. */
export async function answerQuery(
  parts: DoorParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = `door:${++lastMark}`;
  const mark = `/* ${name} */`;
  const log = newEntry(name, request);
  let started = false;
  try {
    let head = readHead(request);
    log.queryId = head.queryId ?? log.queryId;
    log.user = head.credentials.user;
    log.database = head.database ?? log.database;
    const account = authenticate(parts.accounts, head.credentials);
    const isForm = /^multipart\/form-data/i.test(request.headers["content-type"] ?? "");
    if (isForm) head = await readForm(request, head);
    const asked = await readStatement(request, head.urlQuery, !isForm);
    log.query = asked.statement.sql;
    log.kind = kindOf(asked.statement.verb);
    const canonical = (sql: string) => parts.engine.canonical(sql);
    await checkAllowed(asked.statement, account, head.method, head.params, canonical);
    if (running.size >= MAX_QUERIES)
      throw new DoorError(
        202,
        "TOO_MANY_SIMULTANEOUS_QUERIES",
        `Too many simultaneous queries. Maximum: ${MAX_QUERIES}`,
      );
    started = true;
    if (/^\s*SYSTEM\s+FLUSH\s+LOGS/i.test(asked.statement.sql)) await parts.queryLog.flush();
    running.add(mark);
    await execute(parts, request, response, head, account, asked, mark, log);
  } catch (error) {
    const fault = withoutMark(fromEngine(error), mark);
    sendError(response, fault, log.queryId, parts.facts);
    log.type = started ? "ExceptionWhileProcessing" : "ExceptionBeforeStart";
    log.exceptionCode = fault.code;
    log.exception = fault.message;
  } finally {
    running.delete(mark);
    log.durationMs = Date.now() - log.startedAt.getTime();
    parts.queryLog.add(log);
  }
}

/** Stops every query that is under way. */
export async function killAll(engine: Engine): Promise<void> {
  await Promise.allSettled([...running].map((mark) => engine.kill(mark)));
}

async function execute(
  parts: DoorParts,
  request: IncomingMessage,
  response: ServerResponse,
  head: DoorRequest,
  account: Account,
  asked: Asked,
  mark: string,
  log: LoggedQuery,
): Promise<void> {
  const { sessions, engine, spoolDir, facts } = parts;
  const { statement, data } = asked;
  const taken = sessions.take(
    account.name,
    head.sessionId,
    head.sessionTimeoutMs,
    head.sessionCheck,
  );
  // A client that has gone leaves its query running, unless another session stops it. What changes the schema
  // is left to its end.
  const stopKilling =
    onlyReads(statement) || statement.verb === "INSERT"
      ? killWhenGone(response, () => engine.kill(mark))
      : () => undefined;
  let restore: Restore | undefined;
  const giveBack = once(async () => {
    stopKilling();
    await restore?.();
    // One that could not be prepared may be half set up.
    taken.release(restore !== undefined);
  });
  try {
    restore = await prepare(taken.session, head, account, taken.fresh);
    const format = statement.format ?? head.defaultFormat ?? "TabSeparated";
    const whole = Object.entries(head.settings).some(
      ([key, value]) => WHOLE.test(key) && value !== "0",
    );
    if (response.destroyed) throw new DoorError(394, "QUERY_WAS_CANCELLED", "The client left");
    const outcome = await run(taken.session, statement, { format, whole, data, spoolDir, mark });
    const reply = { queryId: log.queryId, format, compress: head.compressResponse };
    const summary = await summaryOf(parts.engineLog, outcome, log);
    log.resultBytes = await sendChunks(
      request,
      response,
      outcome.chunks,
      reply,
      facts,
      summary,
      giveBack,
    );
    log.resultRows = outcome.resultRows();
    log.writtenRows = outcome.writtenRows;
  } finally {
    await giveBack();
  }
}

/** `work`, done at the first call only. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

/** Figures for X-ClickHouse-Summary, which goes out with the first byte: a stream has none yet. */
async function summaryOf(
  engineLog: EngineLog,
  outcome: Outcome,
  log: LoggedQuery,
): Promise<Record<string, string>> {
  const read = outcome.ended ? await engineLog.take(log.mark) : undefined;
  log.readRows = read?.rows ?? 0;
  log.readBytes = read?.bytes ?? 0;
  const figures = {
    read_rows: log.readRows,
    read_bytes: log.readBytes,
    written_rows: outcome.writtenRows,
    written_bytes: outcome.writtenRows > 0 ? log.readBytes : 0,
    total_rows_to_read: 0,
    result_rows: outcome.writtenRows > 0 ? outcome.writtenRows : outcome.resultRows(),
    result_bytes: 0,
    elapsed_ns: (Date.now() - log.startedAt.getTime()) * 1_000_000,
  };
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, String(value)]));
}

/** Stops a query once its client has gone, and again, as it may not have begun yet. */
function killWhenGone(response: ServerResponse, kill: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  const attempt = () => {
    timer = setTimeout(attempt, KILL_AGAIN_MS);
    void kill().catch(() => undefined);
  };
  response.once("close", attempt);
  return () => {
    response.off("close", attempt);
    clearTimeout(timer);
  };
}

function withoutMark(fault: DoorError, mark: string): DoorError {
  const prefix = `Code: ${fault.code}. DB::Exception: `;
  const suffix = ` (${fault.type})`;
  const message = fault.message.slice(prefix.length, -suffix.length);
  const plain = message.replaceAll(`\n${mark}`, "").replaceAll(mark, "");
  return new DoorError(fault.code, fault.type, plain);
}

function kindOf(verb: string): string {
  if (/^(WITH|\(|FROM)$/.test(verb)) return "Select";
  return verb.charAt(0) + verb.slice(1).toLowerCase();
}

function newEntry(mark: string, request: IncomingMessage): LoggedQuery {
  return {
    type: "QueryFinish",
    startedAt: new Date(),
    durationMs: 0,
    mark,
    readRows: 0,
    readBytes: 0,
    resultRows: 0,
    resultBytes: 0,
    writtenRows: 0,
    query: "",
    kind: "",
    database: "default",
    exceptionCode: 0,
    exception: "",
    queryId: randomUUID(),
    user: "",
    userAgent: request.headers["user-agent"] ?? "",
    httpMethod: request.method === "POST" ? 2 : 1,
  };
}

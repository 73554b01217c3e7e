import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { authenticate, type Account, type AccountsFile } from "./accounts";
import type { Engine } from "./engine";
import { DoorError, fromEngine } from "./errors";
import type { QueryLog } from "./query-log";
import { bodyOf, readForm, readHead, type DoorRequest } from "./request";
import { sendChunks, sendError } from "./respond";
import { checkAllowed, prepare, run } from "./run";
import type { Sessions } from "./sessions";
import { parseStatement, type Statement } from "./statement";

export interface DoorParts {
  engine: Engine;
  accounts: AccountsFile;
  sessions: Sessions;
  queryLog: QueryLog;
  /** Where data of INSERTs waits for the engine. */
  spoolDir: string;
}

/** Answers one query. Every way it can fail ends in an answer, never in an exception. */
export async function answerQuery(
  parts: DoorParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = new Date();
  let queryId: string = randomUUID();
  let user = "";
  let statement: Statement | undefined;
  try {
    let asked = readHead(request);
    queryId = asked.queryId ?? queryId;
    user = asked.credentials.user;
    const account = authenticate(parts.accounts, asked.credentials);
    const form = String(request.headers["content-type"] ?? "").startsWith("multipart/form-data");
    if (form) asked = await readForm(request, asked);
    const read = await readStatement(asked, form ? Readable.from([]) : bodyOf(request));
    statement = read.statement;
    checkAllowed(statement, account, asked.method);
    const figures = await execute(
      parts,
      request,
      response,
      asked,
      account,
      statement,
      read.data,
      queryId,
    );
    parts.queryLog.add({ ...logged(asked, statement, queryId, startedAt), ...figures });
    if (/^\s*SYSTEM\s+FLUSH\s+LOGS/i.test(statement.sql)) await parts.queryLog.flush();
  } catch (error) {
    const fault = fromEngine(error);
    sendError(response, fault, queryId);
    const log = logged({ credentials: { user } }, statement, queryId, startedAt);
    parts.queryLog.add({
      ...log,
      type: "ExceptionWhileProcessing",
      exceptionCode: fault.code,
      exception: fault.message,
    });
  }
}

async function execute(
  parts: DoorParts,
  request: IncomingMessage,
  response: ServerResponse,
  asked: DoorRequest,
  account: Account,
  statement: Statement,
  data: Readable | undefined,
  queryId: string,
): Promise<{ resultBytes: number; writtenRows: number }> {
  const taken = parts.sessions.take(
    account.name,
    asked.sessionId,
    asked.sessionTimeoutMs,
    asked.sessionCheck,
  );
  const mark = `/* door:${queryId.replace(/[^\w-]/g, "_")} */ `;
  let finished = false;
  // A client that has gone leaves its query running, unless another session stops it.
  response.once("close", () => {
    if (!finished) kill(parts.engine, mark);
  });
  try {
    await prepare(taken.session, asked, account, taken.fresh, statement.sql);
    const format = statement.format ?? asked.defaultFormat ?? "TabSeparated";
    const marked = {
      ...statement,
      sql: statement.verb === "INSERT" ? statement.sql : mark + statement.sql,
    };
    const outcome = await run(taken.session, marked, format, data, parts.spoolDir);
    const summary = () => ({
      read_rows: "0",
      read_bytes: "0",
      written_rows: String(outcome.writtenRows()),
      written_bytes: "0",
      total_rows_to_read: "0",
      result_rows: "0",
      result_bytes: "0",
      elapsed_ns: "0",
    });
    const compress = asked.compressResponse;
    const resultBytes = await sendChunks(
      request,
      response,
      outcome.chunks,
      { queryId, format, compress },
      summary,
    );
    if (response.destroyed) outcome.cancel();
    return { resultBytes, writtenRows: outcome.writtenRows() };
  } finally {
    finished = true;
    taken.release();
  }
}

/** The statement, from URL and body together, and the data of an INSERT. */
async function readStatement(
  asked: DoorRequest,
  body: Readable,
): Promise<{ statement: Statement; data: Readable | undefined }> {
  if (asked.urlQuery.trim() !== "") {
    const statement = parseStatement(Buffer.from(asked.urlQuery));
    if (statement.verb === "INSERT") {
      if (statement.format === undefined) {
        const rest = await collect(body);
        const whole = Buffer.concat([Buffer.from(`${asked.urlQuery}\n`), rest]);
        return { statement: rest.length > 0 ? parseStatement(whole) : statement, data: undefined };
      }
      return {
        statement,
        data: statement.inlineData ? Readable.from([statement.inlineData]) : body,
      };
    }
  }
  const text = Buffer.concat([
    Buffer.from(asked.urlQuery === "" ? "" : `${asked.urlQuery}\n`),
    await collect(body),
  ]);
  if (text.toString("latin1").trim() === "") throw new DoorError(62, "SYNTAX_ERROR", "Empty query");
  const statement = parseStatement(text);
  return {
    statement,
    data: statement.inlineData ? Readable.from([statement.inlineData]) : undefined,
  };
}

async function collect(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function kill(engine: Engine, mark: string): void {
  const session = engine.open();
  session
    .queryAsync(`KILL QUERY WHERE startsWith(query, '${mark}') ASYNC`)
    .catch(() => undefined)
    .finally(() => session.close());
}

function logged(
  asked: { credentials: { user: string }; userAgent?: string },
  statement: Statement | undefined,
  queryId: string,
  startedAt: Date,
) {
  return {
    type: "QueryFinish" as "QueryFinish" | "ExceptionWhileProcessing",
    startedAt,
    durationMs: Date.now() - startedAt.getTime(),
    readRows: 0,
    readBytes: 0,
    resultRows: 0,
    resultBytes: 0,
    writtenRows: 0,
    query: statement?.sql ?? "",
    kind:
      statement === undefined
        ? ""
        : statement.verb.charAt(0) + statement.verb.slice(1).toLowerCase(),
    exceptionCode: 0,
    exception: "",
    queryId,
    user: asked.credentials.user,
    userAgent: asked.userAgent ?? "",
  };
}

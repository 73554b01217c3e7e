import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Session } from "chdb";
import { quoteString } from "../../../clickhouse/render";
import { significant, tokenize } from "../../../clickhouse/lexer";
import type { Account } from "./accounts";
import { streams } from "./formats";
import { DoorError } from "./errors";
import type { DoorRequest } from "./request";
import { changesRole, onlyReads, type Statement } from "./statement";

/** Limits of a reader's query. */
const READER_LIMITS = {
  final: 1,
  max_execution_time: 60,
  max_memory_usage: 2_000_000_000,
  max_result_bytes: 1_000_000_000,
};
const READER_LONGEST_SECONDS = 60;
/** Settings that a reader may send: how answers look, and a shorter time limit. */
const READER_MAY_SET =
  /^(output_format_|input_format_|date_time_|format_|max_result_rows$|max_block_size$|limit$|offset$|extremes$|result_overflow_mode$|max_execution_time$)/;

export interface Outcome {
  /** Chunks of the answer; empty for a statement without one. */
  chunks: AsyncIterable<Uint8Array>;
  writtenRows: () => number;
  cancel(): void;
}

/** @throws DoorError 164 where the account or the method may only read and the statement does more. */
export function checkAllowed(statement: Statement, account: Account, method: string): void {
  if (method === "GET" && !onlyReads(statement)) {
    throw new DoorError(
      164,
      "READONLY",
      "Cannot execute query in readonly mode. For queries over HTTP, method GET implies readonly. You should use method POST for modifying queries.",
    );
  }
  if (account.profile === "admin") return;
  if (!onlyReads(statement) || changesRole(statement)) {
    throw new DoorError(164, "READONLY", `${account.name}: Cannot execute query in readonly mode.`);
  }
}

/** Gives a session what the request asks for: database, settings, parameters and, for a reader, its limits. */
export async function prepare(
  session: Session,
  request: DoorRequest,
  account: Account,
  fresh: boolean,
  sql: string,
): Promise<void> {
  const statements: string[] = [];
  const settings = { ...request.settings };
  if (account.profile === "reader") {
    for (const name of Object.keys(settings)) {
      if (!READER_MAY_SET.test(name))
        throw new DoorError(164, "READONLY", `Cannot modify '${name}' setting in readonly mode.`);
    }
    const asked = Number(settings["max_execution_time"] ?? READER_LONGEST_SECONDS);
    settings["max_execution_time"] = String(
      Math.min(asked || READER_LONGEST_SECONDS, READER_LONGEST_SECONDS),
    );
    if (fresh)
      statements.push(
        "SET ROLE reader",
        ...Object.entries(READER_LIMITS).map(([name, value]) => `SET ${name} = ${value}`),
      );
  }
  if (request.database !== undefined && fresh)
    statements.push(`USE ${backquoted(request.database)}`);
  // A session that is kept is read-only already, and takes no more settings.
  const mayStillSet = account.profile === "admin" || fresh;
  for (const [name, value] of mayStillSet ? Object.entries(settings) : []) {
    if (!/^\w+$/.test(name))
      throw new DoorError(115, "UNKNOWN_SETTING", `Unknown setting '${name}'`);
    statements.push(`SET ${name} = ${quoteString(value)}`);
  }
  if (account.profile === "reader" && fresh) statements.push("SET readonly = 1");
  for (const [name, value] of Object.entries(request.params)) {
    if (!/^\w+$/.test(name))
      throw new DoorError(36, "BAD_ARGUMENTS", `${name} is no name of a parameter`);
    statements.push(`SET param_${name} = ${parameterLiteral(sql, name, value)}`);
  }
  for (const statement of statements) await session.queryAsync(statement);
}

/** Runs the statement; `data` is what an INSERT is fed with. */
export async function run(
  session: Session,
  statement: Statement,
  format: string,
  data: Readable | undefined,
  spoolDir: string,
): Promise<Outcome> {
  if (statement.verb === "INSERT" && statement.format !== undefined) {
    return written(await insertFrom(session, statement.sql, data ?? Readable.from([]), spoolDir));
  }
  if (/^(SELECT|WITH|\()$/.test(statement.verb) && streams(format)) {
    const stream = session.queryStream(statement.sql, { format });
    return { chunks: rawChunks(stream), writtenRows: () => 0, cancel: () => stream.cancel() };
  }
  const result = await session.queryAsync(statement.sql, { format });
  const rows = statement.verb === "INSERT" ? result.rowsRead : 0;
  return { chunks: single(result.bytes()), writtenRows: () => rows, cancel: () => undefined };
}

/**
 * Feeds an INSERT from a file: its data never is a string, so every format stays as it was sent, and a large
 * one needs no memory.
 */
async function insertFrom(
  session: Session,
  sql: string,
  data: Readable,
  spoolDir: string,
): Promise<number> {
  const file = join(spoolDir, `insert-${process.hrtime.bigint()}`);
  try {
    let bytes = 0;
    await pipeline(
      data,
      async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          bytes += chunk.length;
          yield chunk;
        }
      },
      createWriteStream(file, { mode: 0o600 }),
    );
    if (bytes === 0) return 0;
    return (await session.queryAsync(fromFile(sql, file))).rowsRead;
  } finally {
    await rm(file, { force: true });
  }
}

/** `INSERT INTO t (a) SETTINGS x = 1 FORMAT F` reading from `file`: its place is before SETTINGS or FORMAT. */
export function fromFile(sql: string, file: string): string {
  const tokens = tokenize(sql);
  let depth = 0;
  let at = 0;
  for (const token of tokens) {
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    if (depth === 0 && token.kind === "word" && /^(SETTINGS|FORMAT)$/i.test(token.text)) {
      return `${sql.slice(0, at)}FROM INFILE ${quoteString(file)} ${sql.slice(at)}`;
    }
    at += token.text.length;
  }
  return sql;
}

/**
 * A parameter's value for SET. A scalar comes escaped once more than SET wants it, so its literal takes one
 * level off; what stands in brackets has quotes of its own and goes through as it is.
 */
function parameterLiteral(sql: string, name: string, value: string): string {
  const type = new RegExp(`\\{\\s*${name}\\s*:\\s*(\\w+)`).exec(sql)?.[1] ?? "String";
  if (/^(Array|Map|Tuple|Nested|JSON|Variant)$/.test(type) || value === "\\N")
    return quoteString(value);
  return `'${value.replace(/\\[\s\S]|'/g, (part) => (part === "'" ? "\\'" : part))}'`;
}

async function* rawChunks(stream: AsyncIterable<{ raw(): Uint8Array }>): AsyncIterable<Uint8Array> {
  for await (const chunk of stream) yield chunk.raw();
}

async function* single(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

function written(rows: number): Outcome {
  return { chunks: single(new Uint8Array()), writtenRows: () => rows, cancel: () => undefined };
}

function backquoted(name: string): string {
  const plain = significant(tokenize(name));
  return plain.length === 1 && plain[0]?.kind === "quoted"
    ? name
    : `\`${name.replace(/[\\`]/g, "\\$&")}\``;
}

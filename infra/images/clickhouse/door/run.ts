import type { Session } from "chdb";
import { streams } from "./formats";
import { insertFrom, type InsertData } from "./spool";
import type { Statement } from "./statement";

/** What a statement gave. */
export interface Outcome {
  /** Chunks of the answer; none for a statement without one. */
  chunks: AsyncIterable<Uint8Array>;
  /** Whether the query has ended before the first chunk is read. */
  ended: boolean;
  resultRows: () => number;
  writtenRows: number;
}

export interface RunOptions {
  format: string;
  /** Whether settings shape the answer as a whole, so that it has to come in one piece. */
  whole: boolean;
  /** What an INSERT is fed with. */
  data: InsertData | undefined;
  spoolDir: string;
  /** A comment by which the running query is found. */
  mark: string;
}

/** Runs the statement. Row formats of SELECTs are streamed; the rest comes when it is complete. */
export async function run(
  session: Session,
  statement: Statement,
  options: RunOptions,
): Promise<Outcome> {
  const { mark, format } = options;
  if (options.data !== undefined) {
    const rows = await insertFrom(session, statement.sql, options.data, options.spoolDir, mark);
    return { chunks: none(), ended: true, resultRows: () => 0, writtenRows: rows };
  }
  const sql = marked(statement, mark);
  if (/^(SELECT|WITH|FROM|\()$/.test(statement.verb) && streams(format) && !options.whole) {
    const counted = { rows: 0 };
    const chunks = rawChunks(session.queryStream(sql, { format }), counted);
    return { chunks, ended: false, resultRows: () => counted.rows, writtenRows: 0 };
  }
  const result = await session.queryAsync(sql, { format });
  const rows = statement.verb === "INSERT" ? 0 : result.rowsRead;
  return { chunks: single(result.bytes()), ended: true, resultRows: () => rows, writtenRows: 0 };
}

/** The mark goes behind a statement, so that an error's position stays true, or before an INSERT's rows. */
export function marked(statement: Statement, mark: string): string {
  return statement.verb === "INSERT" ? `${mark} ${statement.sql}` : `${statement.sql}\n${mark}`;
}

async function* rawChunks(
  stream: AsyncIterable<{ raw(): Uint8Array; numRows: number }>,
  counted: { rows: number },
): AsyncIterable<Uint8Array> {
  for await (const chunk of stream) {
    counted.rows += chunk.numRows;
    yield chunk.raw();
  }
}

async function* single(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

async function* none(): AsyncIterable<Uint8Array> {}

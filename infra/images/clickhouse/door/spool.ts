import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Session } from "chdb";
import { tokenize, type Token } from "../../../clickhouse/lexer";
import { quoteString } from "../../../clickhouse/render";
import { fromEngine, NO_DATA_TO_INSERT } from "./errors";

/** Data of an INSERT, as it was sent. */
export interface InsertData {
  bytes: Readable;
  /** The engine's name of how it is compressed. */
  compression: string | undefined;
}

/**
 * Feeds an INSERT from a file: its data never is a string, so every format stays as it was sent, a large one
 * needs no memory, and one that breaks off half-way inserts nothing.
 * @param mark a comment by which the running query is found.
 * @returns rows written.
 */
export async function insertFrom(
  session: Session,
  sql: string,
  data: InsertData,
  spoolDir: string,
  mark: string,
): Promise<number> {
  const file = join(spoolDir, `insert-${process.hrtime.bigint()}`);
  try {
    const target = createWriteStream(file, { mode: 0o600 });
    await pipeline(data.bytes, target);
    const compression = target.bytesWritten > 0 ? data.compression : undefined;
    const result = await session.queryAsync(`${mark} ${fromFile(sql, file, compression)}`);
    return result.rowsRead;
  } catch (error) {
    if (fromEngine(error).code === NO_DATA_TO_INSERT) return 0;
    throw error;
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * `INSERT INTO t (a) SETTINGS x = 1 FORMAT F` reading from `file`, whose place is before SETTINGS or FORMAT.
 * With `SELECT ... FROM input('a UInt8') FORMAT F` the file takes the place of input().
 */
export function fromFile(sql: string, file: string, compression?: string): string {
  const tokens = tokenize(sql);
  const input = tokens.findIndex((token) => token.kind === "word" && /^input$/i.test(token.text));
  const structure = tokens.slice(input).findIndex((token) => token.kind === "string");
  if (input !== -1 && structure !== -1)
    return fromInput(tokens, input, input + structure, file, compression);
  let depth = 0;
  let at = 0;
  for (const token of tokens) {
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    if (depth === 0 && token.kind === "word" && /^(SETTINGS|FORMAT)$/i.test(token.text)) {
      const packed = compression === undefined ? "" : `COMPRESSION ${quoteString(compression)} `;
      return `${sql.slice(0, at)}FROM INFILE ${quoteString(file)} ${packed}${sql.slice(at)}`;
    }
    at += token.text.length;
  }
  return sql;
}

function fromInput(
  tokens: readonly Token[],
  input: number,
  structure: number,
  file: string,
  compression: string | undefined,
): string {
  const text = (part: readonly Token[]) => part.map((token) => token.text).join("");
  const formatAt = tokens.findLastIndex(
    (token) => token.kind === "word" && /^FORMAT$/i.test(token.text),
  );
  const format = text(tokens.slice(formatAt + 1)).trim();
  const source = [file, format].map(quoteString);
  source.push(tokens[structure]?.text ?? "''");
  if (compression !== undefined) source.push(quoteString(compression));
  return `${text(tokens.slice(0, input))}file(${source.join(", ")}${text(tokens.slice(structure + 1, formatAt))}`;
}

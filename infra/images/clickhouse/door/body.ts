import type { IncomingMessage } from "node:http";
import { pipeline, Readable } from "node:stream";
import * as zlib from "node:zlib";
import { BAD_ARGUMENTS, DoorError } from "./errors";
import { Lz4Decoder } from "./lz4";
import { header } from "./request";
import type { InsertData } from "./spool";
import { HEAD_BYTES, isInsert, parseStatement, type Statement } from "./statement";

/** A statement, and the data of an INSERT. */
export interface Asked {
  statement: Statement;
  data: InsertData | undefined;
}

/** Content-Encodings that the engine undoes itself, by its names for them. */
const COMPRESSIONS: Record<string, string> = {
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
  br: "br",
  zstd: "zstd",
  lz4: "lz4",
  xz: "xz",
  bz2: "bz2",
  snappy: "snappy",
};

/**
 * The statement, from URL and body together, and the data of an INSERT, of which no more is read than what is
 * needed to find where it begins.
 * @param withBody whether the body belongs to the statement; a form's fields are read already.
 */
export async function readStatement(
  request: IncomingMessage,
  urlQuery: string,
  withBody: boolean,
): Promise<Asked> {
  if (urlQuery.trim() !== "") {
    const statement = parseStatement(Buffer.from(urlQuery));
    if (!withBody) return asked(statement, []);
    if (statement.takesData && statement.inlineData === undefined) {
      return { statement, data: { bytes: request, compression: compressionOf(request) } };
    }
  }
  const start = Buffer.from(urlQuery.trim() === "" ? "" : `${urlQuery}\n`);
  const rest = (withBody ? decoded(request) : Readable.from([]))[Symbol.asyncIterator]();
  const head = await readUntil(rest, start, (size) => size >= start.length + HEAD_BYTES);
  if (isInsert(head)) {
    const statement = parseStatement(head);
    if (statement.takesData) return asked(statement, rest);
  }
  const text = await readUntil(rest, head, () => false);
  if (text.toString("latin1").trim() === "") throw new DoorError(62, "SYNTAX_ERROR", "Empty query");
  return asked(parseStatement(text), []);
}

type Chunks = AsyncIterator<Buffer> | Iterable<Buffer>;

function asked(statement: Statement, rest: Chunks): Asked {
  if (!statement.takesData) return { statement, data: undefined };
  return {
    statement,
    data: { bytes: Readable.from(joined(statement.inlineData, rest)), compression: undefined },
  };
}

async function* joined(first: Buffer | undefined, rest: Chunks): AsyncGenerator<Buffer> {
  if (first !== undefined) yield first;
  if (Symbol.iterator in rest) yield* rest;
  else for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function readUntil(
  chunks: AsyncIterator<Buffer>,
  start: Buffer,
  enough: (size: number) => boolean,
): Promise<Buffer> {
  const read = [start];
  let size = start.length;
  while (!enough(size)) {
    const next = await chunks.next();
    if (next.done) break;
    read.push(next.value);
    size += next.value.length;
  }
  return Buffer.concat(read);
}

function compressionOf(request: IncomingMessage): string | undefined {
  const encoding = header(request, "content-encoding")?.toLowerCase();
  if (encoding === undefined || encoding === "identity") return undefined;
  return COMPRESSIONS[encoding] ?? refuse(encoding, Object.keys(COMPRESSIONS));
}

/** The body, decompressed as its Content-Encoding says. */
function decoded(request: IncomingMessage): Readable {
  const encoding = header(request, "content-encoding")?.toLowerCase();
  if (encoding === undefined || encoding === "identity") return request;
  const decoder =
    decoderFor(encoding) ??
    refuse(encoding, ["gzip", "deflate", "br", "lz4", "zstd (Node 22.15 or newer)"]);
  // A fault reaches whoever reads the decoder.
  return pipeline(request, decoder, () => undefined);
}

function decoderFor(encoding: string): (NodeJS.ReadWriteStream & Readable) | undefined {
  if (encoding === "gzip" || encoding === "x-gzip") return zlib.createGunzip();
  if (encoding === "deflate") return zlib.createInflate();
  if (encoding === "br") return zlib.createBrotliDecompress();
  if (encoding === "lz4") return new Lz4Decoder();
  const zstd = (zlib as { createZstdDecompress?: () => zlib.Gunzip }).createZstdDecompress;
  return encoding === "zstd" ? zstd?.() : undefined;
}

function refuse(encoding: string, known: readonly string[]): never {
  throw new DoorError(
    BAD_ARGUMENTS,
    "BAD_ARGUMENTS",
    `Content-Encoding ${encoding} is not supported here. There are: ${known.join(", ")}.`,
  );
}

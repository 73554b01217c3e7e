import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import * as zlib from "node:zlib";
import { fromEngine, statusOf, type DoorError } from "./errors";
import { contentType } from "./formats";

export interface Reply {
  queryId: string;
  format: string;
  compress: boolean;
}

/** What all answers tell of the server. */
export interface ServerFacts {
  version: string;
  timezone: string;
}

/** Fast levels: answers go to the same machine. */
const ENCODERS: [name: string, make: () => (Writable & NodeJS.ReadableStream) | undefined][] = [
  ["gzip", () => zlib.createGzip({ level: 3, flush: zlib.constants.Z_SYNC_FLUSH })],
  ["zstd", () => zstd()],
  ["br", () => zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } })],
  ["deflate", () => zlib.createDeflate({ level: 3 })],
];

/**
 * Sends an answer chunk by chunk, as fast as the client takes it. Headers go with the first chunk, so an error
 * before it still has its status; one after it is written as the official server does, behind a tag.
 * @param beforeEnd gives the session back: a client that has its answer may use it again at once.
 * @returns bytes of the answer.
 */
export async function sendChunks(
  request: IncomingMessage,
  response: ServerResponse,
  chunks: AsyncIterable<Uint8Array>,
  reply: Reply,
  facts: ServerFacts,
  summary: object,
  beforeEnd: () => Promise<void>,
): Promise<number> {
  const tag = randomBytes(8).toString("hex");
  let out: Writable | undefined;
  let bytes = 0;
  const begin = (): Writable => {
    setAll(response, commonHeaders(reply.queryId, facts));
    response.setHeader("Content-Type", contentType(reply.format));
    response.setHeader("X-ClickHouse-Format", reply.format);
    response.setHeader("X-ClickHouse-Exception-Tag", tag);
    response.setHeader("X-ClickHouse-Summary", JSON.stringify(summary));
    return reply.compress ? compressed(request, response) : response;
  };
  try {
    for await (const chunk of chunks) {
      out ??= begin();
      bytes += chunk.length;
      if (!out.write(chunk)) await drained(out, response);
      if (response.destroyed) return bytes;
    }
    out ??= begin();
  } catch (error) {
    if (!out) throw error;
    await beforeEnd();
    const message = `${worded(fromEngine(error), facts)}\n`;
    const length = Buffer.byteLength(message);
    out.end(`\r\n__exception__\r\n${tag}\r\n${message}${length} ${tag}\r\n__exception__\r\n`);
    throw error;
  }
  await beforeEnd();
  out.end();
  return bytes;
}

/** An error before any answer: status, code and the engine's words. */
export function sendError(
  response: ServerResponse,
  fault: DoorError,
  queryId: string,
  facts: ServerFacts,
): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = statusOf(fault.code);
  setAll(response, commonHeaders(queryId, facts));
  response.setHeader("Content-Type", "text/plain; charset=UTF-8");
  response.setHeader("X-ClickHouse-Exception-Code", String(fault.code));
  response.end(`${worded(fault, facts)}\n`);
}

function worded(fault: DoorError, facts: ServerFacts): string {
  return `${fault.message} (version ${facts.version} (embedded build))`;
}

function commonHeaders(queryId: string, facts: ServerFacts): Record<string, string> {
  return {
    "X-ClickHouse-Query-Id": queryId.replace(/[^\x20-\x7e]/g, "?"),
    "X-ClickHouse-Server-Display-Name": "steamline-embedded",
    "X-ClickHouse-Timezone": facts.timezone,
  };
}

function setAll(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

function compressed(request: IncomingMessage, response: ServerResponse): Writable {
  const accepted = String(request.headers["accept-encoding"] ?? "")
    .split(",")
    .map((part) => part.split(";")[0]?.trim());
  for (const [name, make] of ENCODERS) {
    const stream = accepted.includes(name) ? make() : undefined;
    if (!stream) continue;
    response.setHeader("Content-Encoding", name);
    response.once("close", () => stream.destroy());
    stream.pipe(response);
    return stream;
  }
  return response;
}

/** Zstandard came to Node with version 22.15. */
function zstd(): (Writable & NodeJS.ReadableStream) | undefined {
  const make = (zlib as { createZstdCompress?: () => zlib.Gzip }).createZstdCompress;
  return make?.();
}

/** Waits until `out` takes more, or the client has gone. */
function drained(out: Writable, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      out.off("drain", done);
      response.off("close", done);
      resolve();
    };
    out.once("drain", done);
    response.once("close", done);
    if (response.destroyed) done();
  });
}

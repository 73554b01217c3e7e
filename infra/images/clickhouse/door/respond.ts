import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { createBrotliCompress, createDeflate, createGzip, constants } from "node:zlib";
import { fromEngine, statusOf, type DoorError } from "./errors";
import { contentType } from "./formats";

export interface Reply {
  queryId: string;
  format: string;
  compress: boolean;
}

/**
 * Sends an answer chunk by chunk, as fast as the client takes it. Headers go with the first chunk, so an error
 * before it still has its status; one after it is written as the official server does, behind a tag.
 * @returns bytes of the answer.
 */
export async function sendChunks(
  request: IncomingMessage,
  response: ServerResponse,
  chunks: AsyncIterable<Uint8Array>,
  reply: Reply,
  summary: () => object,
): Promise<number> {
  const tag = randomBytes(8).toString("hex");
  let out: Writable | undefined;
  let bytes = 0;
  const begin = () => {
    for (const [name, value] of Object.entries(commonHeaders(reply.queryId)))
      response.setHeader(name, value);
    response.setHeader("Content-Type", contentType(reply.format));
    response.setHeader("X-ClickHouse-Format", reply.format);
    response.setHeader("X-ClickHouse-Exception-Tag", tag);
    response.setHeader("X-ClickHouse-Summary", JSON.stringify(summary()));
    return reply.compress ? compressed(request, response) : response;
  };
  try {
    for await (const chunk of chunks) {
      out ??= begin();
      bytes += chunk.length;
      if (!out.write(chunk)) await Promise.race([once(out, "drain"), once(response, "close")]);
      if (response.destroyed) return bytes;
    }
    out ??= begin();
  } catch (error) {
    if (!out) throw error;
    const fault = fromEngine(error);
    const message = `${fault.message}\n`;
    out.write(
      `\r\n__exception__\r\n${tag}\r\n${message}${Buffer.byteLength(message)} ${tag}\r\n__exception__\r\n`,
    );
    out.end();
    throw error;
  }
  out.end();
  return bytes;
}

/** An error before any answer: status, code and the engine's words. */
export function sendError(response: ServerResponse, fault: DoorError, queryId: string): void {
  if (response.headersSent) return;
  response.writeHead(statusOf(fault.code), {
    ...commonHeaders(queryId),
    "Content-Type": "text/plain; charset=UTF-8",
    "X-ClickHouse-Exception-Code": String(fault.code),
  });
  response.end(`${fault.message} (version 26.7 embedded)\n`);
}

export function commonHeaders(queryId: string): Record<string, string> {
  return {
    "X-ClickHouse-Query-Id": queryId,
    "X-ClickHouse-Server-Display-Name": "steamline-embedded",
    "X-ClickHouse-Timezone": process.env["TZ"] ?? "UTC",
  };
}

function compressed(request: IncomingMessage, response: ServerResponse): Writable {
  const accepted = String(request.headers["accept-encoding"] ?? "");
  const [encoding, stream] = /\bgzip\b/.test(accepted)
    ? (["gzip", createGzip({ level: 3, flush: constants.Z_SYNC_FLUSH })] as const)
    : /\bbr\b/.test(accepted)
      ? (["br", createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })] as const)
      : /\bdeflate\b/.test(accepted)
        ? (["deflate", createDeflate({ level: 3 })] as const)
        : [undefined, undefined];
  if (!stream) return response;
  response.setHeader("Content-Encoding", encoding);
  stream.pipe(response);
  return stream;
}

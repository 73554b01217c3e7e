import { Readable, type Writable } from "node:stream";
import { ServerError, type Connection } from "./connection";
import type { ClientOptions } from "./options";
import type { Piece } from "./split";

export interface Streams {
  in: Readable;
  out: Writable;
  err: Writable;
}

/**
 * Runs statements one after the other.
 * @returns the exit code: that of the first error, at which it stops unless told to go on.
 */
export async function runAll(
  pieces: readonly Piece[],
  connection: Connection,
  options: ClientOptions,
  format: string,
  streams: Streams,
): Promise<number> {
  let exitCode = 0;
  for (const piece of pieces) {
    if (options.echo) streams.out.write(`${piece.text}\n`);
    try {
      const { seconds } = await connection.send({
        statement: piece.text,
        data: piece.wantsData ? streams.in : undefined,
        format: piece.vertical ? "Vertical" : format,
        out: streams.out,
        signal: undefined,
      });
      if (options.time) streams.err.write(`${seconds.toFixed(3)}\n`);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      streams.err.write(wordError(error, piece.text));
      exitCode ||= error.exitCode;
      if (!options.ignoreError) return exitCode;
    }
  }
  return exitCode;
}

/** An error as the real client prints it. */
export function wordError(error: ServerError, statement: string): string {
  const version = /\s*\(version ([\d.]+)[^)]*\)*\s*$/.exec(error.message);
  const text = version ? error.message.slice(0, version.index) : error.message;
  if (/^Code: \d+\. DB::NetException/.test(text)) return `${text}\n`;
  const server = version ? ` (version ${version[1]})` : "";
  return `Received exception from server${server}:\n${text}\n(query: ${statement})\n`;
}

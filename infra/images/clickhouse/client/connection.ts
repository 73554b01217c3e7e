import { randomUUID } from "node:crypto";
import { request, type IncomingMessage } from "node:http";
import { PassThrough, type Readable, type Writable } from "node:stream";
import type { ClientOptions } from "./options";
import { TrailerFilter } from "./trailer";

/** An error of the server, or of reaching it, in ClickHouse's own words. */
export class ServerError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }

  /** The real client's: the code's last byte, and never zero. */
  get exitCode(): number {
    return this.code % 256 || 255;
  }
}

const NETWORK_ERROR = 210;
const SESSION_SECONDS = 3_600;

/** What one statement gave besides its answer. */
export interface Figures {
  rows: number;
  /** Of the answer. */
  bytes: number;
  seconds: number;
}

export interface Sending {
  statement: string;
  /** Data of an INSERT from elsewhere. */
  data: Readable | undefined;
  format: string;
  out: Writable;
  signal: AbortSignal | undefined;
}

/** One session with the server: `USE`, `SET` and temporary tables last as long as it does. */
export class Connection {
  private readonly sessionId = randomUUID();

  constructor(private readonly options: ClientOptions) {}

  /**
   * Runs one statement and writes its answer as it comes.
   * @throws ServerError what the server says, 210 where none answers.
   */
  async send(sending: Sending): Promise<Figures> {
    const began = process.hrtime.bigint();
    const response = await this.open(sending);
    const code = Number(response.headers["x-clickhouse-exception-code"] ?? 0);
    if (code !== 0 || response.statusCode !== 200) {
      const text = (await collect(response)).trim();
      throw new ServerError(code || Number(/Code: (\d+)/.exec(text)?.[1] ?? 0), text);
    }
    const filter = new TrailerFilter(String(response.headers["x-clickhouse-exception-tag"] ?? ""));
    let bytes = 0;
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length;
      await write(sending.out, filter.push(chunk as Buffer));
    }
    const { rest, exception } = filter.end();
    await write(sending.out, rest);
    if (exception !== undefined)
      throw new ServerError(Number(/Code: (\d+)/.exec(exception)?.[1] ?? 0), exception);
    const summary = JSON.parse(String(response.headers["x-clickhouse-summary"] ?? "{}")) as {
      result_rows?: string;
    };
    return {
      rows: Number(summary.result_rows ?? 0),
      bytes,
      seconds: Number(process.hrtime.bigint() - began) / 1e9,
    };
  }

  /** What `statement` answers, as text. */
  async ask(statement: string): Promise<string> {
    const out = new PassThrough();
    const text = collect(out);
    await this.send({ statement, data: undefined, format: "TSVRaw", out, signal: undefined });
    out.end();
    return (await text).trim();
  }

  private open(sending: Sending): Promise<IncomingMessage> {
    const { host, port, user, password, settings, params } = this.options;
    const fields = new URLSearchParams({
      session_id: this.sessionId,
      session_timeout: String(SESSION_SECONDS),
      default_format: sending.format,
      ...settings,
    });
    for (const [name, value] of Object.entries(params)) fields.set(`param_${name}`, value);
    if (sending.data) fields.set("query", sending.statement);
    return new Promise((resolve, reject) => {
      const call = request({
        host,
        port,
        method: "POST",
        path: `/?${fields.toString()}`,
        headers: { "X-ClickHouse-User": user, "X-ClickHouse-Key": password },
        signal: sending.signal,
      });
      call.once("response", resolve);
      call.once("error", (error: NodeJS.ErrnoException) =>
        reject(unreachable(error, `${host}:${port}`)),
      );
      if (sending.data) sending.data.pipe(call);
      else call.end(sending.statement);
    });
  }
}

function unreachable(error: NodeJS.ErrnoException, address: string): Error {
  if (error.name === "AbortError") return error;
  const reason = error.code === "ECONNREFUSED" ? "Connection refused" : error.message;
  return new ServerError(
    NETWORK_ERROR,
    `Code: ${NETWORK_ERROR}. DB::NetException: ${reason} (${address}). (NETWORK_ERROR)`,
  );
}

async function collect(from: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of from) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString("utf8");
}

function write(out: Writable, chunk: Buffer): Promise<void> {
  if (chunk.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) =>
    out.write(chunk, (error) => (error ? reject(error) : resolve())),
  );
}

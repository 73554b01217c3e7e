import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request, type Dispatcher } from "undici";
import type { z } from "zod";
import { messageOf, PipelineError } from "./errors";

export interface HttpOptions {
  /** Longest wait for headers and for each part of the body. @default 10000 */
  timeoutMs?: number;
  /** Tries after the first one. @default 3 */
  retries?: number;
  /** The first wait between tries; it doubles each time, with jitter. @default 500 */
  backoffMs?: number;
  /** Longest wait that a server's Retry-After is followed. @default 60000 */
  maxWaitMs?: number;
}

/** A client that asks again where that may help, and hands out only what fits its schema. */
export interface HttpClient {
  /**
   * @param what names the request in messages; the URL, which may hold a key, never appears there.
   * @throws PipelineError HTTP_UNREACHABLE, HTTP_STATUS or RESPONSE_INVALID once tries are used up.
   */
  getJson<T>(what: string, url: URL, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T>;
  close(): Promise<void>;
}

/** Answers worth another try: the server is busy or broken, not the request. */
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

export function httpClient(options: HttpOptions = {}): HttpClient {
  const { timeoutMs = 10_000, retries = 3, backoffMs = 500, maxWaitMs = 60_000 } = options;
  const agent = new Agent({
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });

  async function attempt<T>(
    what: string,
    url: URL,
    schema: z.ZodType<T>,
    signal?: AbortSignal,
  ): Promise<T | Retry> {
    let response: Dispatcher.ResponseData;
    let text: string;
    try {
      response = await request(url, {
        dispatcher: agent,
        signal,
        headers: { accept: "application/json" },
      });
      text = await response.body.text();
    } catch (error) {
      if (signal?.aborted) throw error;
      return new Retry(
        new PipelineError("HTTP_UNREACHABLE", `${what}: no answer (${messageOf(error)})`, {
          cause: error,
        }),
      );
    }
    if (response.statusCode !== 200) {
      const fault = new PipelineError(
        "HTTP_STATUS",
        `${what}: answered with status ${response.statusCode}`,
      );
      if (!TRANSIENT.has(response.statusCode)) throw fault;
      return new Retry(fault, retryAfterMs(response.headers["retry-after"]));
    }
    return parse(what, text, schema);
  }

  return {
    async getJson(what, url, schema, signal) {
      for (let tried = 0; ; tried++) {
        const answer = await attempt(what, url, schema, signal);
        if (!(answer instanceof Retry)) return answer;
        if (tried >= retries) throw answer.fault;
        // Half of the wait is by chance, so that several producers do not ask in step.
        const wait = answer.afterMs ?? backoffMs * 2 ** tried * (0.5 + Math.random() / 2);
        await sleep(Math.min(wait, maxWaitMs), undefined, { signal });
      }
    },
    close: () => agent.destroy(),
  };
}

class Retry {
  constructor(
    readonly fault: PipelineError,
    readonly afterMs?: number,
  ) {}
}

function parse<T>(what: string, text: string, schema: z.ZodType<T>): T | Retry {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const start = JSON.stringify(text.slice(0, 60));
    return new Retry(
      new PipelineError("RESPONSE_INVALID", `${what}: answered no JSON but ${start}`, {
        cause: error,
      }),
    );
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") || "the answer";
  throw new PipelineError(
    "RESPONSE_INVALID",
    `${what}: ${field}: ${issue?.message ?? "does not fit"}`,
  );
}

/** Retry-After in milliseconds: it comes in seconds or as a date. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  const wait = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

import { Agent, errors, request } from "undici";
import { PipelineError, messageOf, type ErrorCode } from "../errors";
import { backoff, limited, wait } from "../wait";
import { MAX_RESPONSE_BYTES, readJson, tooLarge } from "./body";
import { Circuit, type CircuitOptions, type CircuitState } from "./circuit";

/** The store's limit is over five minutes: no need to keep away for longer. */
const MAX_COOL_DOWN_MS = 300_000;

/** What a host that is down looks like. */
const OUTAGES: ReadonlySet<ErrorCode> = new Set([
  "HTTP_TIMEOUT",
  "HTTP_NETWORK",
  "HTTP_SERVER_ERROR",
]);

export interface HttpOptions {
  /** After which one request is given up. */
  timeoutMs: number;
  /** How often one call is tried in all. @default 4 */
  attempts?: number;
  /** Wait after the first failure; it doubles with each, and is shortened by up to half at random. @default 500 */
  firstBackoffMs?: number;
  /** @default 30000 */
  maxBackoffMs?: number;
  circuit?: Omit<CircuitOptions, "onChange">;
  /** Told when a host is no longer asked, and when it is again. */
  onCircuit?: (host: string, state: CircuitState) => void;
}

export interface Call<T> {
  /** What is asked for, as error messages call it. */
  what: string;
  url: URL;
  /** Never shown: a key belongs here, not in the address. */
  headers?: Readonly<Record<string, string>>;
  /** Makes a value of the JSON. An error it throws is tried again if it says so. */
  parse: (body: unknown) => T;
  signal: AbortSignal;
}

/** Asks for JSON over HTTP, patiently. */
export class HttpClient {
  private readonly agent: Agent;
  private readonly options: Required<Omit<HttpOptions, "onCircuit">> & HttpOptions;
  private readonly circuits = new Map<string, Circuit>();
  /** Hosts that asked to be left alone, and until when. */
  private readonly coolDowns = new Map<string, { until: number; refusals: number }>();

  constructor(options: HttpOptions) {
    this.options = {
      attempts: 4,
      firstBackoffMs: 500,
      maxBackoffMs: 30_000,
      circuit: {},
      ...options,
    };
    this.agent = new Agent({ maxResponseSize: MAX_RESPONSE_BYTES, connections: 16 });
  }

  /**
   * Tries a call until it succeeds, up to the number of attempts. A host that answers 429 is left
   * alone, by every call, for as long as it says or ever longer; one that fails several times in a
   * row is not asked at all for a while.
   *
   * @throws PipelineError of the last attempt, or STOPPED.
   */
  async get<T>(call: Call<T>): Promise<T> {
    const { attempts, firstBackoffMs, maxBackoffMs } = this.options;
    const circuit = this.circuitOf(call.url.host);
    for (let attempt = 1; ; attempt++) {
      await this.coolDown(call);
      circuit.enter(call.what, call.url.host);
      try {
        const value = call.parse(await this.once(call));
        this.coolDowns.delete(call.url.host);
        circuit.succeeded();
        return value;
      } catch (error) {
        const failure = failureOf(call, error);
        judge(circuit, failure);
        if (failure.code === "HTTP_RATE_LIMITED") this.leaveAlone(call.url.host, failure);
        if (!failure.canRetry || attempt >= attempts || circuit.state !== "closed") throw failure;
        if (failure.code === "HTTP_RATE_LIMITED") continue;
        const pause = failure.retryAfterMs ?? backoff(attempt, firstBackoffMs, maxBackoffMs);
        await wait(Math.min(pause, MAX_COOL_DOWN_MS), call.signal).catch(() => {
          throw failure;
        });
      }
    }
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private once(call: Call<unknown>): Promise<unknown> {
    return limited(this.options.timeoutMs, call.signal, (signal) => this.ask({ ...call, signal }));
  }

  private async ask({ what, url, headers, signal }: Call<unknown>): Promise<unknown> {
    const answer = await request(url, {
      dispatcher: this.agent,
      headers: {
        accept: "application/json",
        "accept-encoding": "gzip",
        "user-agent": "steamline",
        ...headers,
      },
      signal,
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    const place = placeOf(url);
    if (answer.statusCode === 200)
      return readJson({ what, place, bytes, encoding: answer.headers["content-encoding"] });
    const code = codeOf(answer.statusCode);
    throw new PipelineError(code, `${what}: HTTP ${answer.statusCode} from ${place}`, {
      canRetry: code !== "HTTP_STATUS" || answer.statusCode === 408,
      retryAfterMs: retryAfter(answer.headers["retry-after"]),
    });
  }

  private circuitOf(host: string): Circuit {
    const known = this.circuits.get(host);
    if (known) return known;
    const onChange = (state: CircuitState) => this.options.onCircuit?.(host, state);
    const circuit = new Circuit({ ...this.options.circuit, onChange });
    this.circuits.set(host, circuit);
    return circuit;
  }

  private async coolDown({ url, signal }: Call<unknown>): Promise<void> {
    const until = this.coolDowns.get(url.host)?.until ?? 0;
    if (until > Date.now()) await wait(until - Date.now(), signal);
  }

  private leaveAlone(host: string, { retryAfterMs }: PipelineError): void {
    const refusals = (this.coolDowns.get(host)?.refusals ?? 0) + 1;
    const pause =
      retryAfterMs ?? backoff(refusals, this.options.firstBackoffMs * 4, MAX_COOL_DOWN_MS);
    this.coolDowns.set(host, {
      refusals,
      until: Date.now() + Math.min(pause, MAX_COOL_DOWN_MS),
    });
  }
}

/** Milliseconds that a Retry-After header asks for, in either of its forms. */
export function retryAfter(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** A host that answers, be it with a refusal or with something odd, is there. */
function judge(circuit: Circuit, { code }: PipelineError): void {
  if (code === "STOPPED") circuit.abandoned();
  else if (OUTAGES.has(code)) circuit.failed();
  else circuit.succeeded();
}

function codeOf(status: number): ErrorCode {
  if (status === 429) return "HTTP_RATE_LIMITED";
  return status >= 500 ? "HTTP_SERVER_ERROR" : "HTTP_STATUS";
}

function placeOf(url: URL): string {
  return url.origin + url.pathname;
}

function failureOf({ what, url, signal }: Call<unknown>, error: unknown): PipelineError {
  if (error instanceof PipelineError) return error;
  if (signal.aborted) return new PipelineError("STOPPED", `${what}: stopped`, { cause: error });
  if (error instanceof errors.ResponseExceededMaxSizeError)
    return tooLarge(what, placeOf(url), error);
  const isTimeout =
    (error instanceof Error && error.name === "TimeoutError") ||
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError;
  return new PipelineError(
    isTimeout ? "HTTP_TIMEOUT" : "HTTP_NETWORK",
    `${what}: ${placeOf(url)} ${isTimeout ? "did not answer in time" : `cannot be reached (${messageOf(error)})`}`,
    { canRetry: true, cause: error },
  );
}

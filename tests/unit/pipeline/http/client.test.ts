import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { HttpClient, retryAfter, type HttpOptions } from "../../../../pipeline/http/client";
import { never, serve } from "../listen";

function client(options: Partial<HttpOptions> = {}): HttpClient {
  const made = new HttpClient({ timeoutMs: 500, firstBackoffMs: 5, maxBackoffMs: 20, ...options });
  onTestFinished(() => made.close());
  return made;
}

function get(http: HttpClient, url: string, signal = never): Promise<unknown> {
  return http.get({ what: "ranking", url: new URL(url), parse: (body) => body, signal });
}

/** Answers with each of `statuses` in turn, and with 200 from then on. */
async function serveStatuses(statuses: number[], headers: Record<string, string> = {}) {
  const asked: number[] = [];
  const url = await serve((_, response) => {
    asked.push(Date.now());
    const status = statuses.shift();
    if (status === undefined) response.end('{"ok":true}');
    else response.writeHead(status, headers).end("busy");
  });
  return { url, asked };
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

describe("HttpClient", () => {
  it("tries again after server errors", async () => {
    const { url, asked } = await serveStatuses([500, 503]);
    expect(await get(client(), url)).toEqual({ ok: true });
    expect(asked).toHaveLength(3);
  });

  it("gives up after its attempts, with the last answer", async () => {
    const { url, asked } = await serveStatuses([500, 500, 500, 500, 500]);
    await expect(get(client({ attempts: 3 }), url)).rejects.toMatchObject({
      code: "HTTP_SERVER_ERROR",
      message: `ranking: HTTP 500 from ${url}/`,
    });
    expect(asked).toHaveLength(3);
  });

  it("does not ask again for what will not be had", async () => {
    const { url, asked } = await serveStatuses([404, 404]);
    await expect(get(client(), url)).rejects.toMatchObject({ code: "HTTP_STATUS" });
    expect(asked).toHaveLength(1);
  });

  it("leaves a host alone for as long as Retry-After says", async () => {
    const { url, asked } = await serveStatuses([429], { "retry-after": "1" });
    await get(client(), url);
    expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(990);
  });

  it("leaves it alone for other calls too", async () => {
    const { url, asked } = await serveStatuses([429], { "retry-after": "1" });
    const http = client();
    const first = get(http, url);
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await Promise.all([first, get(http, url)]);
    expect(Math.min(...asked.slice(1)) - asked[0]!).toBeGreaterThanOrEqual(990);
  });

  it("backs off where 429 comes without Retry-After", async () => {
    const { url, asked } = await serveStatuses([429, 429]);
    await get(client({ firstBackoffMs: 20 }), url);
    expect(asked).toHaveLength(3);
    expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(38);
  });

  it("gives up a request that is not answered", async () => {
    const url = await serve(() => undefined);
    const started = Date.now();
    await expect(get(client({ timeoutMs: 60, attempts: 2 }), url)).rejects.toMatchObject({
      code: "HTTP_TIMEOUT",
    });
    expect(Date.now() - started).toBeLessThan(1000);
  });

  it("gives it up as well where memory is collected meanwhile", async () => {
    const url = await serve(() => undefined);
    const collecting = setInterval(collectGarbage, 20);
    onTestFinished(() => clearInterval(collecting));
    await expect(get(client({ timeoutMs: 200, attempts: 1 }), url)).rejects.toMatchObject({
      code: "HTTP_TIMEOUT",
    });
  });

  it("tells a connection that breaks", async () => {
    const url = await serve((request) => request.socket.resetAndDestroy());
    await expect(get(client({ attempts: 2 }), url)).rejects.toMatchObject({ code: "HTTP_NETWORK" });
  });

  it("tells what came in place of JSON", async () => {
    const url = await serve((_, response) => response.end("<!DOCTYPE html><html></html>"));
    await expect(get(client({ attempts: 1 }), url)).rejects.toMatchObject({
      code: "RESPONSE_NOT_JSON",
      message: expect.stringContaining("28 characters that start") as string,
    });
  });

  it("stops reading an answer without end", async () => {
    const url = await serve((_, response) => response.end(Buffer.alloc(9 * 1024 * 1024, "[")));
    await expect(get(client({ timeoutMs: 5000 }), url)).rejects.toMatchObject({
      code: "RESPONSE_TOO_LARGE",
    });
  });

  it("ends with STOPPED at once when told to stop", async () => {
    const url = await serve(() => undefined);
    const stop = new AbortController();
    const asking = get(client({ timeoutMs: 60_000 }), url, stop.signal);
    setTimeout(() => stop.abort(), 20);
    await expect(asking).rejects.toMatchObject({ code: "STOPPED" });
  });

  it("does not put the address's parameters or headers into errors", async () => {
    const { url } = await serveStatuses([403]);
    const asking = client().get({
      what: "ranking",
      url: new URL(`${url}/path?key=hidden`),
      headers: { "x-webapi-key": "hidden" },
      parse: (body) => body,
      signal: never,
    });
    await expect(asking).rejects.toThrow(`ranking: HTTP 403 from ${url}/path`);
    await expect(asking).rejects.not.toThrow(/hidden/);
  });
});

describe("retryAfter", () => {
  it("reads seconds and dates, and nothing else", () => {
    expect(retryAfter("2")).toBe(2000);
    const ms = retryAfter(new Date(Date.now() + 5000).toUTCString());
    expect(ms).toBeGreaterThan(3000);
    expect(ms).toBeLessThanOrEqual(5000);
    expect(retryAfter("soon")).toBeUndefined();
    expect(retryAfter(undefined)).toBeUndefined();
  });
});

describe("a compressed answer", () => {
  const whole = gzipSync(JSON.stringify({ ok: true, padding: "x".repeat(2000) }));

  async function serveGzip(bodies: Buffer[]) {
    return serve((_, response) => {
      response.setHeader("content-encoding", "gzip");
      response.end(bodies.shift());
    });
  }

  it("is unpacked, and asked for again where it is cut off", async () => {
    const url = await serveGzip([whole.subarray(0, 20), whole]);
    expect(await get(client(), url)).toMatchObject({ ok: true });
  });

  it("that is always cut off is told as such", async () => {
    const url = await serveGzip([whole.subarray(0, 20), whole.subarray(0, 20)]);
    await expect(get(client({ attempts: 2 }), url)).rejects.toMatchObject({
      code: "RESPONSE_TRUNCATED",
    });
  });

  it("may not unpack to more than an answer may hold", async () => {
    const url = await serveGzip([gzipSync(Buffer.alloc(9 * 1024 * 1024))]);
    await expect(get(client(), url)).rejects.toMatchObject({ code: "RESPONSE_TOO_LARGE" });
  });
});

describe("a host that is down", () => {
  const circuit = { failuresToOpen: 3, firstOpenMs: 100 };

  it("is not asked for a while after several failures in a row, across calls", async () => {
    const { url, asked } = await serveStatuses(Array<number>(100).fill(500));
    const http = client({ attempts: 2, circuit });
    await expect(get(http, url)).rejects.toMatchObject({ code: "HTTP_SERVER_ERROR" });
    await expect(get(http, url)).rejects.toMatchObject({ code: "HTTP_SERVER_ERROR" });
    expect(asked).toHaveLength(3);
    await expect(get(http, url)).rejects.toMatchObject({
      code: "HTTP_CIRCUIT_OPEN",
      message: expect.stringMatching(/failed 3 times in a row and is not asked now/) as string,
    });
    expect(asked).toHaveLength(3);
  });

  it("is tried with one call, and asked as before once that succeeds", async () => {
    const { url } = await serveStatuses([500, 500, 500]);
    const changes: string[] = [];
    const http = client({ attempts: 3, circuit, onCircuit: (_, state) => changes.push(state) });
    await expect(get(http, url)).rejects.toThrow("HTTP 500");
    await new Promise((resolve) => setTimeout(resolve, 110));
    expect(await get(http, url)).toEqual({ ok: true });
    expect(changes).toEqual(["open", "half-open", "closed"]);
  });

  it("stays closed to calls for ever longer while the trial fails", async () => {
    const { url, asked } = await serveStatuses(Array<number>(100).fill(503));
    const http = client({ attempts: 3, circuit });
    await expect(get(http, url)).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 110));
    await expect(get(http, url)).rejects.toMatchObject({ code: "HTTP_SERVER_ERROR" });
    await new Promise((resolve) => setTimeout(resolve, 110));
    await expect(get(http, url)).rejects.toMatchObject({ code: "HTTP_CIRCUIT_OPEN" });
    expect(asked).toHaveLength(4);
  });

  it("is not one that only turns calls away", async () => {
    const { url, asked } = await serveStatuses(Array<number>(6).fill(404));
    const http = client({ circuit });
    for (let i = 0; i < 6; i++) await expect(get(http, url)).rejects.toThrow("HTTP 404");
    expect(asked).toHaveLength(6);
  });
});

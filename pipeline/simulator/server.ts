import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { answersTo } from "./answers";
import { distorted, isDistortion, type Distortion } from "./distortions";
import { faultOf, type Fault } from "./faults";

const STORE_WINDOW_MS = 300_000;

export interface SimulatorArgs {
  seed: number;
  faultRate: number;
  storeCallsPer5Minutes: number;
  /** @default the machine's clock */
  now?: () => Date;
  /** Decides on the fault of a request, in place of the fault rate. */
  fault?: (requestNumber: number, path: string) => Fault | undefined;
}

/** An HTTP server that answers as Steam's Web API and store do. It is not listening yet. */
export function createSimulator({
  seed,
  faultRate,
  storeCallsPer5Minutes,
  now = () => new Date(),
  fault = (requestNumber) => faultOf(requestNumber, seed, faultRate),
}: SimulatorArgs): Server {
  let requests = 0;
  let storeCalls: number[] = [];

  /** Whether the store has had too many calls, this one among them. */
  function overLimit(time: number): boolean {
    if (storeCallsPer5Minutes === 0) return false;
    storeCalls = storeCalls.filter((at) => at > time - STORE_WINDOW_MS);
    storeCalls.push(time);
    return storeCalls.length > storeCallsPer5Minutes;
  }

  return createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://simulator");
    if (url.pathname === "/healthz") return answer(response, 200, { healthy: true });
    const time = now();
    const answers = answersTo(url, time, seed);
    if (request.method !== "GET") return answer(response, 405, {});
    if (!answers) return answer(response, 404, {});
    const isStore = !url.pathname.startsWith("/ISteam");
    if (isStore && overLimit(time.getTime())) return answer(response, 429, null);

    const kind = fault(++requests, url.pathname);
    if (kind === undefined) return answer(response, 200, answers.whole);
    if (kind === "empty" || kind === "unsuccessful") return answer(response, 200, answers[kind]);
    if (isDistortion(kind)) return answer(response, 200, distorted(answers.whole, kind));
    return fail(kind, request, response, JSON.stringify(answers.whole));
  });
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}

function fail(
  fault: Exclude<Fault, "empty" | "unsuccessful" | Distortion>,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): void {
  switch (fault) {
    case "timeout":
      // Left open: the caller gives up, or the server's own time-out closes it.
      return;
    case "reset":
      request.socket.resetAndDestroy();
      return;
    case "error":
      response.writeHead(500, { "content-type": "text/plain" }).end("Internal Server Error");
      return;
    case "rate-limit":
      return answer(response, 429, null);
    case "rate-limit-with-delay":
      response.setHeader("retry-after", "1");
      return answer(response, 429, null);
    case "truncated":
      response.writeHead(200, { "content-type": "application/json" });
      response.end(body.slice(0, Math.floor(body.length / 2)));
      return;
    case "truncated-gzip":
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      response.end(gzipSync(body).subarray(0, 100));
      return;
    case "html":
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<!DOCTYPE html><html><head><title>Steam is busy</title></head></html>");
      return;
  }
}

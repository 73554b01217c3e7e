import { createServer, type Server, type ServerResponse } from "node:http";
import type { Status } from "./status";

const JSON_LINES = "application/x-ndjson";

/**
 * Answers `/healthz` (the process lives), `/readyz` (503 and the reason unless the last poll and the last
 * delivery went well), `/status` (all figures), `/metrics` (for Prometheus) and `/figures` (those of `/metrics` as JSON
 * lines, for ClickHouse). It is not listening yet.
 */
export function createStatusServer(status: Status): Server {
  return createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0];
    if (request.method !== "GET") return answer(response, 405, { error: "only GET" });
    if (path === "/healthz") return answer(response, 200, { healthy: true });
    if (path === "/status") return answer(response, 200, status.report());
    const { metrics } = status;
    if (path === "/metrics") return void answerText(response, metrics.contentType, metrics.text());
    if (path === "/figures") return void answerText(response, JSON_LINES, metrics.lines());
    if (path !== "/readyz")
      return answer(response, 404, {
        error: "there are /healthz, /readyz, /status, /metrics and /figures",
      });
    const reason = status.unready();
    return reason === undefined
      ? answer(response, 200, { ready: true })
      : answer(response, 503, { ready: false, reason });
  });
}

function answer(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body) + "\n");
}

async function answerText(
  response: ServerResponse,
  contentType: string,
  text: Promise<string>,
): Promise<void> {
  const body = await text;
  response.writeHead(200, { "content-type": contentType }).end(body);
}

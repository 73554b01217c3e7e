import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** Queries and parameters in URLs may be long: the official server's limit is 1 MiB. */
const MAX_URL_BYTES = 1_200_000;
const KEEP_ALIVE_MS = 10_000;

/** What the official server answers a browser that asks before it posts. */
const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers":
    "origin, x-requested-with, x-clickhouse-format, x-clickhouse-user, x-clickhouse-key, Authorization",
  "Access-Control-Allow-Methods": "POST, GET, OPTIONS",
  "Access-Control-Max-Age": "86400",
};

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The HTTP server: health checks by itself, everything else by `answerQuery`. */
export class DoorServer {
  private readonly server: Server;
  private stopping = false;
  /** Queries that are under way. */
  active = 0;

  constructor(private readonly answerQuery: Answer) {
    this.server = createServer({ maxHeaderSize: MAX_URL_BYTES }, (request, response) =>
      this.route(request, response),
    );
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
    // A streamed INSERT may take as long as it likes.
    this.server.requestTimeout = 0;
  }

  listen(port: number, onReady: () => void): void {
    this.server.listen(port, "0.0.0.0", onReady);
  }

  /** Takes no more connections, and no more requests on those there are. */
  stop(): void {
    this.stopping = true;
    this.server.close();
    this.server.closeIdleConnections();
  }

  private route(request: IncomingMessage, response: ServerResponse): void {
    if (this.stopping) response.shouldKeepAlive = false;
    const url = request.url ?? "/";
    const path = url.split("?")[0] ?? "/";
    const reads = request.method === "GET" || request.method === "HEAD";
    if (request.method === "OPTIONS") {
      response.writeHead(204, CORS).end();
    } else if (path === "/ping" || path === "/replicas_status" || (url === "/" && reads)) {
      response.setHeader("Content-Type", "text/plain; charset=UTF-8");
      response.end("Ok.\n");
    } else if (path !== "/" && path !== "/query") {
      response.statusCode = 404;
      response.setHeader("Content-Type", "text/plain; charset=UTF-8");
      response.end(
        `There is no handle ${path}\n\nUse / or /ping for health checks.\nSend queries from your program with POST method or GET /?query=...\n`,
      );
    } else {
      this.active++;
      void this.answerQuery(request, response).finally(() => this.active--);
    }
  }
}

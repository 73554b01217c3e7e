import { createServer, type Server } from "node:http";
import type { Outbox } from "./outbox";
import type { PollingProducer } from "./producer";
import type { Options } from "./options";

/** A producer whose last good poll is older than this many intervals is not ready. */
const LATE_INTERVALS = 3;

/** What `/status` answers, as JSON. */
export function statusOf(
  options: Options,
  producer: PollingProducer,
  outbox: Outbox,
  startedAt: string,
) {
  return {
    source: options.source,
    startedAt,
    pollIntervalSeconds: options.pollIntervalMs / 1_000,
    ...producer.polls,
    waitingRecords: outbox.depth,
    ...outbox.deliveries,
  };
}

/** Whether the last poll was good and recent and everything before it is delivered. */
export function isReady(status: ReturnType<typeof statusOf>, now = Date.now()): boolean {
  if (status.lastPollAt === undefined || status.lastAckedAt === undefined) return false;
  const age = now - Date.parse(status.lastPollAt);
  return (
    age < status.pollIntervalSeconds * 1_000 * LATE_INTERVALS && status.lastError === undefined
  );
}

/** Serves /healthz (the process runs), /readyz (records flow) and /status. Resolves once it listens. */
export function serveStatus(
  port: number,
  read: () => ReturnType<typeof statusOf>,
): Promise<Server> {
  const server = createServer((request, response) => {
    const send = (code: number, body: unknown) => {
      response.writeHead(code, { "content-type": "application/json" });
      response.end(`${JSON.stringify(body)}\n`);
    };
    switch (request.url) {
      case "/healthz":
        return send(200, { alive: true });
      case "/readyz": {
        const ready = isReady(read());
        return send(ready ? 200 : 503, { ready });
      }
      case "/status":
        return send(200, read());
      default:
        return send(404, { error: "There are /healthz, /readyz and /status." });
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, () => resolve(server));
  });
}

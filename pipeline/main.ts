import pino from "pino";
import { kafkaSender } from "./delivery";
import { messageOf, PipelineError } from "./errors";
import { checkHealth } from "./health";
import { httpClient } from "./http";
import { readOptions } from "./options";
import { Outbox } from "./outbox";
import { PollingProducer } from "./producer";
import { serveStatus, statusOf } from "./status";

/** How long a stop waits for Kafka to acknowledge what was polled. Docker kills after ten seconds. */
const FLUSH_DEADLINE_MS = 7_000;

async function main(): Promise<void> {
  const options = readOptions(process.env);
  const log = pino({
    level: options.logLevel,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
  });
  const startedAt = new Date().toISOString();
  const stopping = new AbortController();
  const giveUp = new AbortController();
  const http = httpClient();
  const sender = kafkaSender(options, log);
  const outbox = new Outbox(sender, log, giveUp.signal);
  const producer = new PollingProducer(options, http, outbox, log, stopping.signal);

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      log.info({ signal, waiting: outbox.depth }, "stopping");
      stopping.abort();
      setTimeout(() => giveUp.abort(), FLUSH_DEADLINE_MS).unref();
    });
  }
  const server = await serveStatus(options.statusPort, () =>
    statusOf(options, producer, outbox, startedAt),
  );
  log.info({ source: options.source, brokers: options.brokers }, "started");

  if (process.argv.includes("--once")) await producer.pollOnce();
  else await producer.run();

  await outbox.flushed();
  const left = outbox.depth;
  log[left > 0 ? "error" : "info"]({ left, acked: outbox.deliveries.acked }, "stopped");
  server.closeAllConnections();
  server.close();
  await Promise.all([sender.close(), http.close()]);
  process.exit(left > 0 ? 1 : 0);
}

if (process.argv.includes("--health")) {
  checkHealth(Number(process.env["STATUS_PORT"] ?? 9464), "/healthz");
} else {
  main().catch((error: unknown) => {
    console.error(
      error instanceof PipelineError ? error.message : `unexpected: ${messageOf(error)}`,
    );
    process.exit(1);
  });
}

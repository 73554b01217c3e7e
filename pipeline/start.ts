import pino from "pino";
import { KafkaSender } from "./kafka-sender";
import { readOptions } from "./options";
import { runProducer } from "./producer";

/**
 * Runs the producer as this process: options from the environment, logs to standard output, stopped by
 * SIGTERM or SIGINT. Resolves to the exit code.
 *
 * @throws PipelineError OPTIONS_INVALID
 */
export async function start({ once }: { once: boolean }): Promise<number> {
  const options = readOptions(process.env);
  const log = pino({
    level: options.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  });
  logWarnings(log);
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());
  const sender = new KafkaSender(options.kafkaBrokers, options.clientId, log);
  return (await runProducer({ options, sender, log, once }, stop.signal)) ? 0 : 1;
}

/** Node's warnings go to the log, but for the one on a timer that kafkajs sets to a time gone by. */
function logWarnings(log: pino.Logger): void {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "TimeoutNegativeWarning") log.warn(`${warning.name}: ${warning.message}`);
  });
}

import type { Logger } from "pino";
import { outletFactory } from "./delivery/outlets";
import { createLog } from "./log";
import { readOptions } from "./options";
import { runProducer } from "./producer";

/**
 * Runs the producer as this process: options from the environment, logs to standard output, stopped by
 * SIGTERM or SIGINT. Resolves to the exit code.
 *
 * @throws PipelineError OPTIONS_INVALID or SPOOL_IN_USE
 */
export async function start({ once }: { once: boolean }): Promise<number> {
  const setup = readOptions(process.env);
  const log = createLog(setup.options.logLevel, setup.options.logFormat);
  logWarnings(log);
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());
  const outletOf = outletFactory(setup.options.kafka, log);
  return (await runProducer({ ...setup, outletOf, log, once }, stop.signal)) ? 0 : 1;
}

/** Node's warnings go to the log, but for the one on a timer that kafkajs sets to a time gone by. */
function logWarnings(log: Logger): void {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "TimeoutNegativeWarning") log.warn(`${warning.name}: ${warning.message}`);
  });
}

import type { Logger } from "pino";
import { outletFactory } from "./delivery/outlets";
import { messageOf } from "./errors";
import { createLog } from "./log";
import { readOptions } from "./options";
import { runProducer } from "./producer";

/** The producer as a process: options from the environment, logs to standard output, stopped by SIGTERM or SIGINT. */
async function main(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    console.error(`No such option: ${args.join(" ")}. The environment says what to do.`);
    return 2;
  }
  const setup = readOptions(process.env);
  const log = createLog(setup.options.logLevel, setup.options.logFormat);
  logWarnings(log);
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());
  const outletOf = outletFactory(setup.options.kafka, log);
  return (await runProducer({ ...setup, outletOf, log }, stop.signal)) ? 0 : 1;
}

/** Node's warnings go to the log, but for the one on a timer that kafkajs sets to a time gone by. */
function logWarnings(log: Logger): void {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "TimeoutNegativeWarning") log.warn(`${warning.name}: ${warning.message}`);
  });
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(messageOf(error));
    process.exit(1);
  },
);

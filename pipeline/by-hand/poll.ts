import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { outletFactory } from "../delivery/outlets";
import type { Environment } from "../environment";
import { createLog } from "../log";
import { readOptions } from "../options";
import { runProducer } from "../producer";
import { createSimulator } from "../simulator/server";
import { noting, PrintOutlet } from "./outlets";
import type { Summary } from "./summary";

export interface PollArgs {
  environment: Environment;
  /** Asks a simulated Steam, started for this, in place of the real one. */
  simulated: boolean;
  /** Polls each source once. Otherwise until `stop`. */
  once: boolean;
  /** Takes each message in place of Kafka. */
  print?: (message: string | Buffer) => void;
  summary: Summary;
  /** Takes lines of the log. */
  say: (line: string) => void;
}

/** Runs the producer by hand, in this process. Resolves to whether all went well. */
export async function pollByHand(args: PollArgs, stop: AbortSignal): Promise<boolean> {
  const simulator = args.simulated ? await startSimulator(args.environment) : undefined;
  try {
    const found = simulator ? { STEAM_API_URL: simulator.url, STEAM_STORE_URL: simulator.url } : {};
    const source = args.simulated ? "simulated" : "steam";
    const setup = readOptions({ ...args.environment, ...found, SOURCE: source });
    const { logLevel } = setup.options;
    const log = createLog(logLevel, "text", args.say);
    const { print, summary, once } = args;
    const kafka = outletFactory(setup.options.kafka, log);
    const outletOf: typeof kafka = async (topic, onTrouble) =>
      noting(print ? new PrintOutlet(topic, print) : await kafka(topic, onTrouble), (report) =>
        summary.add(report),
      );
    return await runProducer({ ...setup, outletOf, log, once }, stop);
  } finally {
    simulator?.server.close();
    simulator?.server.closeAllConnections();
  }
}

async function startSimulator(environment: Environment): Promise<{ server: Server; url: string }> {
  const seed = Number(environment["SEED"] ?? 1);
  const server = createSimulator({ seed, faultRate: 0, storeCallsPer5Minutes: 0 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { createSimulator, type SimulatorArgs } from "../../../pipeline/simulator/server";

/** Lets `server` listen on a free port until the test ends, and gives its address. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that answers each request by `listener`. */
export function serve(listener: RequestListener): Promise<string> {
  return listen(createServer(listener));
}

/** The simulator, without faults unless told otherwise. */
export function simulate(args: Partial<SimulatorArgs> = {}): Promise<string> {
  return listen(createSimulator({ seed: 1, faultRate: 0, storeCallsPer5Minutes: 0, ...args }));
}

/** A signal that nobody aborts. */
export const never = new AbortController().signal;

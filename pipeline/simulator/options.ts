import { z } from "zod";
import { readEnvironment, variable, whole } from "../environment";

const variables = z.object({
  PORT: whole(0, 65_535).prefault("8080"),
  SEED: whole(0, 2 ** 31 - 1).prefault("1"),
  FAULT_RATE: variable("a number from 0 to 1", (text) => {
    const value = Number(text);
    return /^\d*\.?\d+$/.test(text) && value <= 1 ? value : undefined;
  }).prefault("0"),
  STORE_CALLS_PER_5_MINUTES: whole(0, 1_000_000).prefault("0"),
});

export interface SimulatorOptions {
  /** @default 8080 */
  port: number;
  /** The same seed gives the same figures at the same time. @default 1 */
  seed: number;
  /** Share of the answers that are faults, 0 to 1. @default 0 */
  faultRate: number;
  /** Calls to the store after which it answers 429. 0 for no limit. @default 0 */
  storeCallsPer5Minutes: number;
}

/** Reads the simulator's environment. @throws PipelineError OPTIONS_INVALID with every fault. */
export function readSimulatorOptions(
  environment: Readonly<Record<string, string | undefined>>,
): SimulatorOptions {
  const read = readEnvironment(variables, environment);
  return {
    port: read.PORT,
    seed: read.SEED,
    faultRate: read.FAULT_RATE,
    storeCallsPer5Minutes: read.STORE_CALLS_PER_5_MINUTES,
  };
}

import { randomOf } from "./random";

/** What may go wrong with an answer, each as seen from Steam. */
export const FAULTS = [
  "timeout",
  "reset",
  "error",
  "rate-limit",
  "rate-limit-with-delay",
  "truncated",
  "truncated-gzip",
  "wrong-types",
  "duplicates",
  "new-field",
  "nameless",
  "html",
  "empty",
  "unsuccessful",
] as const;
export type Fault = (typeof FAULTS)[number];

/**
 * The fault of a request, if it has one. It depends on the seed and on how many requests came before,
 * so that a run can be repeated.
 */
export function faultOf(requestNumber: number, seed: number, rate: number): Fault | undefined {
  if (randomOf(seed, requestNumber, 20) >= rate) return undefined;
  return FAULTS[Math.floor(randomOf(seed, requestNumber, 21) * FAULTS.length)];
}

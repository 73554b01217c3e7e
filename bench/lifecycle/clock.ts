import { setTimeout as sleep } from "node:timers/promises";
import type { Phase } from "./phases";
import type { Timed } from "./steamline";

const POLL_MS = 100;
const TIMEOUT_MS = 180_000;

/** Stops the time of one step after the other. */
export class Clock {
  private readonly startedAt = Date.now();
  private readonly phases: Phase[] = [];

  /** Ends the step since the last call. Gives the milliseconds since the beginning. */
  lap(name: string): number {
    const toMs = Date.now() - this.startedAt;
    this.phases.push({ name, fromMs: this.phases.at(-1)?.toMs ?? 0, toMs });
    return toMs;
  }

  timed(): Timed {
    return { ms: this.phases.at(-1)?.toMs ?? 0, phases: this.phases };
  }
}

/** Asks again and again. @throws where it does not hold within three minutes. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`by hand: ${what} did not come`);
    await sleep(POLL_MS);
  }
}

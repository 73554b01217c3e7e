import { setTimeout as sleep } from "node:timers/promises";

/** At most `limit` turns in any `windowMs`. */
export class Limiter {
  private readonly taken: number[] = [];

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes a turn if there is one, and says whether there was. */
  tryTake(): boolean {
    if (this.waitMs() > 0) return false;
    this.taken.push(this.now());
    return true;
  }

  /** Waits for a turn and takes it. */
  async take(signal?: AbortSignal): Promise<void> {
    while (!this.tryTake()) await sleep(this.waitMs(), undefined, { signal });
  }

  private waitMs(): number {
    const since = this.now() - this.windowMs;
    while (this.taken[0] !== undefined && this.taken[0] <= since) this.taken.shift();
    const [oldest] = this.taken;
    return this.taken.length < this.limit || oldest === undefined ? 0 : oldest - since;
  }
}

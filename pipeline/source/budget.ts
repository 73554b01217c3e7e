import { wait } from "../wait";

/** Lets so many calls through in any window of time and makes further ones wait their turn. */
export class Budget {
  /** When the calls of the last window were let through, oldest first. */
  private readonly taken: number[] = [];

  constructor(
    private readonly calls: number,
    private readonly windowMs: number,
  ) {}

  /** Resolves when a call may be made. @throws PipelineError STOPPED */
  async take(signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = Date.now();
      while (this.taken[0] !== undefined && this.taken[0] <= now - this.windowMs)
        this.taken.shift();
      const oldest = this.taken[0];
      if (oldest === undefined || this.taken.length < this.calls) {
        this.taken.push(now);
        return;
      }
      await wait(oldest + this.windowMs - now + 1, signal);
    }
  }
}

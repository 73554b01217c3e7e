import { setTimeout as sleep } from "node:timers/promises";
import { SNAPSHOT_RECORDS } from "./records";
import type { Site } from "./site";

const LOOK_MS = 50;
const LOOK_TIMEOUT_MS = 2_000;

/** Looks all the time at which snapshot is the newest that has rows. */
export class Watch {
  private newest = -1;
  private changedAt = Date.now();
  private longest = 0;
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(private readonly site: Site) {
    this.running = this.look();
  }

  /** Number of the newest snapshot with rows. */
  get snapshot(): number {
    return this.newest;
  }

  /** Waits until a snapshot of at least that number has rows. @returns when, or undefined after the deadline */
  async reaches(number: number, deadlineMs: number): Promise<number | undefined> {
    for (const since = Date.now(); this.newest < number;) {
      if (Date.now() - since > deadlineMs) return undefined;
      await sleep(LOOK_MS);
    }
    return Date.now();
  }

  /** Longest time without a new snapshot since this was last asked, in milliseconds. */
  takeGap(): number {
    const gap = Math.max(this.longest, Date.now() - this.changedAt);
    this.longest = 0;
    return gap;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async look(): Promise<void> {
    while (!this.stopped) {
      const found = await this.site
        .ask<{
          n: number;
        }>("SELECT max(peak_today) AS n FROM steam_top_games", this.site.admin, LOOK_TIMEOUT_MS)
        .catch(() => []);
      const newest = found[0] ? Math.floor((Number(found[0].n) - 1) / SNAPSHOT_RECORDS) : -1;
      if (newest > this.newest) {
        const now = Date.now();
        this.longest = Math.max(this.longest, now - this.changedAt);
        [this.newest, this.changedAt] = [newest, now];
      }
      await sleep(LOOK_MS);
    }
  }
}

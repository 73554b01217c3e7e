import type { GameRecord } from "../record";

/** What one poll found. All of its records carry the same fetch_time. */
export interface Snapshot {
  /** Name of the source it is from. */
  source: string;
  topic: string;
  /** As in the records. */
  fetchTime: string;
  records: readonly GameRecord[];
  /** What was wrong with parts of the answer that are left out. */
  problems: readonly string[];
}

/** Something that is polled. To add one is to write this. */
export interface Source {
  readonly name: string;
  /** When it wants to be polled next, in milliseconds since 1970. Asked before every poll. */
  nextPollAt(now: number): number;
  /**
   * One poll. `time` is the moment that stands in its records.
   *
   * @throws PipelineError where nothing could be had.
   */
  poll(time: Date, signal: AbortSignal): Promise<Snapshot>;
}

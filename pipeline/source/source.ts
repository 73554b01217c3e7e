import type { Row, Table } from "../table";

/** What one poll found. All of its records carry the same time. */
export interface Snapshot {
  /** Name of the source it is from. */
  source: string;
  topic: string;
  /** The moment of the poll, as in the records. */
  fetchTime: string;
  records: readonly Row[];
  /** What was wrong with parts of the answer that are left out. */
  problems: readonly string[];
}

/** Something that is polled. To add one is to write this. */
export interface Source {
  readonly name: string;
  /** Where its records go. */
  readonly topic: string;
  /** What they look like. */
  readonly table: Table;
  /** When it wants to be polled next, in milliseconds since 1970. Asked before every poll. */
  nextPollAt(now: number): number;
  /**
   * One poll. `time` is the moment that stands in its records.
   *
   * @throws PipelineError where nothing could be had.
   */
  poll(time: Date, signal: AbortSignal): Promise<Snapshot>;
}

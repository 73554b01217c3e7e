import type { RunOptions, Output } from "./run";

/** How one line of the guide is proved. */
export interface Check extends RunOptions {
  /** Of an impossible statement: what the engine answers. */
  refused?: RegExp;
  /** Asserts something of what was printed, or of what it did. */
  expect?: (output: Output) => void | Promise<void>;
  /** Whether it is run again for a while until `expect` holds: rows that it needs may still be on their way. */
  patient?: boolean;
}

export type Checks = Record<string, Check>;

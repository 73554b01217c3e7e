import type { PipelineError } from "../errors";

/** What became of a batch: where it stands, or why it does not. */
export interface DeliveryReport {
  topic: string;
  partition: number;
  records: number;
  /** Of the records, before compression. */
  bytes: number;
  /** From the batch's first record to the answer. */
  latencyMs: number;
  /** Offset of its first record. -1 where the broker only says that the batch was there already. */
  baseOffset?: bigint;
  error?: PipelineError;
}

/** Where a producer stands in a partition. */
export interface Position {
  /** Of the next batch. */
  sequence: number;
  /** No record of this producer stands at this offset or later, but for those without an answer. */
  knownEnd: bigint;
}

import type { DeliveryReport } from "../kafka/report";
import type { PlacedMessage } from "./plan";

/** Where a producer stood in one partition when a delivery began. */
export interface Mark {
  partition: number;
  /** Messages of the delivery that were stored before. */
  done: number;
  /** Where the log ended, as text because JSON has no such numbers. */
  from: string;
  /** Number that the next message got. */
  sequence: number;
}

/** By which a delivery that was cut off is found again in the log. */
export interface Marks {
  producerId: string;
  epoch: number;
  marks: Mark[];
}

/** The way into one topic. */
export interface Outlet {
  /** Connects, and gives the number of partitions. @throws PipelineError */
  open(): Promise<number>;
  /** Where the next messages will stand. Only after `open`. */
  marks(): Marks;
  /** How many messages of a delivery that began at `marks` each partition's log holds. @throws PipelineError */
  stored(marks: Marks): Promise<Map<number, number>>;
  /**
   * Sends messages, those of a partition in their order, and resolves once the fate of each is known, with
   * reports that together tell it for all of them. What can be tried again is, until `abandon`.
   */
  send(messages: readonly PlacedMessage[]): Promise<DeliveryReport[]>;
  /** Ends `send` at once. */
  abandon(): void;
  close(): Promise<void>;
}

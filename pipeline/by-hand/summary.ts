import type { DeliveryReport } from "../kafka/report";

/** What went to one partition. */
export interface PartitionSummary {
  topic: string;
  partition: number;
  messages: number;
  failed: number;
  /** Offsets of the first and the last message. Empty where none is known. */
  first: string;
  last: string;
}

/** Adds delivery reports up by partition. */
export class Summary {
  private readonly partitions = new Map<string, PartitionSummary>();

  add({ topic, partition, records, baseOffset, error }: DeliveryReport): void {
    const key = `${topic}/${partition}`;
    const summary = this.partitions.get(key) ?? {
      topic,
      partition,
      messages: 0,
      failed: 0,
      first: "",
      last: "",
    };
    this.partitions.set(key, summary);
    if (error) summary.failed += records;
    else summary.messages += records;
    if (baseOffset === undefined || baseOffset < 0n) return;
    summary.first ||= String(baseOffset);
    summary.last = String(baseOffset + BigInt(records - 1));
  }

  /** By topic and partition. */
  rows(): PartitionSummary[] {
    return [...this.partitions.values()].sort(
      (a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition,
    );
  }
}

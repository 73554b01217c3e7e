import { messageOf } from "./errors";
import type { Snapshot } from "./source/source";

interface PartitionFigures {
  acked: number;
  /** Offset of the last record that was acknowledged. */
  lastOffset: string;
}

interface TopicFigures {
  acked: number;
  failed: number;
  dropped: number;
  lastFetchTime: string | null;
  partitions: Record<string, PartitionFigures>;
}

interface SourceFigures {
  polls: number;
  failedPolls: number;
  problems: number;
  lastPollAt: string | null;
  lastPollError: string | null;
}

/** What the producer did since it started, as `/status` shows it. */
export class Status {
  private readonly startedAt = new Date().toISOString();
  private readonly sources: Record<string, SourceFigures> = {};
  private readonly topics: Record<string, TopicFigures> = {};
  private lastDeliveredAt: string | null = null;
  private kafkaError: string | null = null;
  private kafkaReached = false;

  /**
   * @param source What is polled: steam or simulated.
   * @param mainSource The source whose polls decide whether the producer is ready.
   */
  constructor(
    private readonly source: string,
    private readonly mainSource: string,
  ) {}

  polled({ source, problems }: Snapshot): void {
    const figures = this.sourceFigures(source);
    figures.polls++;
    figures.problems += problems.length;
    figures.lastPollAt = new Date().toISOString();
    figures.lastPollError = null;
  }

  pollFailed(source: string, error: unknown): void {
    const figures = this.sourceFigures(source);
    figures.polls++;
    figures.failedPolls++;
    figures.lastPollAt = new Date().toISOString();
    figures.lastPollError = messageOf(error);
  }

  /** A batch whose last record stands at `lastOffset` was acknowledged. */
  acked(topic: string, partition: number, records: number, lastOffset: bigint): void {
    const figures = this.topicFigures(topic);
    figures.acked += records;
    const before = figures.partitions[partition]?.acked ?? 0;
    figures.partitions[partition] = { acked: before + records, lastOffset: String(lastOffset) };
    this.kafkaReached = true;
    this.kafkaError = null;
  }

  delivered({ topic, fetchTime }: Snapshot): void {
    this.topicFigures(topic).lastFetchTime = fetchTime;
    this.lastDeliveredAt = new Date().toISOString();
  }

  /** Records that the broker refused for good. */
  failed(topic: string, records: number): void {
    this.topicFigures(topic).failed += records;
  }

  /** Records that had to go because Kafka could not be reached for too long. */
  dropped({ topic, records }: Snapshot): void {
    this.topicFigures(topic).dropped += records.length;
  }

  deliveryFailed(error: unknown): void {
    this.kafkaError = messageOf(error);
  }

  /** Why the producer is not ready, or undefined where it is. */
  unready(): string | undefined {
    if (this.kafkaError !== null) return this.kafkaError;
    const main = this.sources[this.mainSource];
    if (!main) return "nothing has been polled yet";
    if (main.lastPollError !== null) return main.lastPollError;
    return this.kafkaReached ? undefined : "nothing has been delivered yet";
  }

  /** All of it, as plain JSON. */
  report(queuedRecords: number) {
    const main = this.sources[this.mainSource];
    const sum = (figure: "acked" | "failed" | "dropped"): number =>
      Object.values(this.topics).reduce((total, topic) => total + topic[figure], 0);
    return {
      source: this.source,
      startedAt: this.startedAt,
      ready: this.unready() === undefined,
      lastPollAt: main?.lastPollAt ?? null,
      lastPollError: main?.lastPollError ?? null,
      polls: main?.polls ?? 0,
      lastDeliveredAt: this.lastDeliveredAt,
      kafkaError: this.kafkaError,
      recordsAcked: sum("acked"),
      recordsFailed: sum("failed"),
      recordsDropped: sum("dropped"),
      recordsQueued: queuedRecords,
      sources: this.sources,
      topics: this.topics,
    };
  }

  private sourceFigures(source: string): SourceFigures {
    return (this.sources[source] ??= {
      polls: 0,
      failedPolls: 0,
      problems: 0,
      lastPollAt: null,
      lastPollError: null,
    });
  }

  private topicFigures(topic: string): TopicFigures {
    return (this.topics[topic] ??= {
      acked: 0,
      failed: 0,
      dropped: 0,
      lastFetchTime: null,
      partitions: {},
    });
  }
}

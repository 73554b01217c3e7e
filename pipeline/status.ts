import { codeOf, messageOf } from "./errors";
import type { CircuitState } from "./http/circuit";
import type { DeliveryReport } from "./kafka/report";
import { Metrics } from "./metrics";
import type { Snapshot } from "./source/source";
import type { Entry, Spool } from "./spool/spool";

interface PartitionFigures {
  acked: number;
  /** Offset of the last record that was acknowledged. */
  lastOffset: string;
}

interface TopicFigures {
  acked: number;
  failed: number;
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

/** What the producer did since it started, as `/status` and `/metrics` show it. */
export class Status {
  readonly metrics: Metrics;
  private readonly startedAt = new Date().toISOString();
  private readonly sources: Record<string, SourceFigures> = {};
  private readonly topics: Record<string, TopicFigures> = {};
  private lastDeliveredAt: string | null = null;
  private kafkaError: string | null = null;
  private spoolError: string | null = null;
  private kafkaReached = false;
  private droppedRecords = 0;

  /**
   * @param source What is polled: steam or simulated.
   * @param mainSource The source whose polls decide whether the producer is ready.
   * @param spool What waits for Kafka.
   */
  constructor(
    private readonly source: string,
    private readonly mainSource: string,
    private readonly spool: Pick<Spool, "snapshots" | "records" | "bytes">,
  ) {
    this.metrics = new Metrics(spool);
  }

  polled({ source, problems }: Snapshot): void {
    const figures = this.sourceFigures(source);
    figures.polls++;
    figures.problems += problems.length;
    figures.lastPollAt = new Date().toISOString();
    figures.lastPollError = null;
    this.metrics.polled(source, problems.length);
  }

  pollFailed(source: string, error: unknown): void {
    const figures = this.sourceFigures(source);
    figures.polls++;
    figures.failedPolls++;
    figures.lastPollAt = new Date().toISOString();
    figures.lastPollError = messageOf(error);
    this.metrics.pollFailed(source, codeOf(error));
  }

  /** The fate of a run of messages that hold so many records. */
  reported(report: DeliveryReport, records: number): void {
    const { topic, partition, baseOffset, error } = report;
    const figures = this.topicFigures(topic);
    this.metrics.reported(report, records);
    if (error) {
      figures.failed += records;
      return;
    }
    figures.acked += records;
    const before = figures.partitions[partition];
    const last = (baseOffset ?? -1n) + BigInt(report.records - 1);
    figures.partitions[partition] = {
      acked: (before?.acked ?? 0) + records,
      lastOffset: baseOffset === -1n ? (before?.lastOffset ?? "") : String(last),
    };
    this.kafkaReached = true;
    this.kafkaError = null;
  }

  delivered({ topic, fetchTime }: Snapshot): void {
    this.topicFigures(topic).lastFetchTime = fetchTime;
    this.lastDeliveredAt = new Date().toISOString();
    this.kafkaReached = true;
    this.kafkaError = null;
    this.metrics.delivered(topic);
  }

  /** A snapshot that had to go because Kafka could not be reached for too long. */
  dropped({ source, records }: Entry): void {
    this.droppedRecords += records;
    this.metrics.dropped(source, records);
  }

  deliveryFailed(error: unknown): void {
    this.kafkaError = messageOf(error);
    this.metrics.failed(codeOf(error));
  }

  /** What waits for Kafka may be lost if the producer ends now. */
  spoolFailed(error: unknown): void {
    this.spoolError = messageOf(error);
    this.metrics.failed(codeOf(error));
  }

  circuit(host: string, state: CircuitState): void {
    this.metrics.circuit(host, state);
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
  report() {
    const main = this.sources[this.mainSource];
    const sum = (figure: "acked" | "failed"): number =>
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
      spoolError: this.spoolError,
      recordsAcked: sum("acked"),
      recordsFailed: sum("failed"),
      recordsDropped: this.droppedRecords,
      recordsQueued: this.spool.records,
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
      lastFetchTime: null,
      partitions: {},
    });
  }
}

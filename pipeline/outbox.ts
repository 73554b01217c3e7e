import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Sender } from "./delivery";
import { messageOf } from "./errors";
import type { PipelineRecord } from "./record";

interface Batch {
  topic: string;
  records: readonly PipelineRecord[];
}

/** What has become of records, in figures that only grow. */
export interface Deliveries {
  acked: number;
  /** Dropped, oldest first, because Kafka was away for longer than the outbox holds. */
  dropped: number;
  failedTries: number;
  lastAckedAt: string | undefined;
  lastError: string | undefined;
  /** Acknowledged records by topic. */
  topics: Record<string, number>;
}

/** Records that wait for Kafka. Two days of rankings at one a minute take about 40 MB. */
const CAPACITY_RECORDS = 300_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** Delivers batches in their order, again and again until each is acknowledged, in bounded memory. */
export class Outbox {
  readonly deliveries: Deliveries = {
    acked: 0,
    dropped: 0,
    failedTries: 0,
    lastAckedAt: undefined,
    lastError: undefined,
    topics: {},
  };
  private readonly waiting: Batch[] = [];
  private running: Promise<void> | undefined;

  constructor(
    private readonly sender: Sender,
    private readonly log: Logger,
    private readonly signal: AbortSignal,
    private readonly capacity = CAPACITY_RECORDS,
  ) {}

  /** Records that are not acknowledged yet. */
  get depth(): number {
    return this.waiting.reduce((sum, batch) => sum + batch.records.length, 0);
  }

  /** Takes a batch over. It returns at once; `flushed` tells when all is delivered. */
  add(topic: string, records: readonly PipelineRecord[]): void {
    if (records.length === 0) return;
    this.waiting.push({ topic, records });
    while (this.depth > this.capacity && this.waiting.length > 1) {
      // The first may be on its way. The one behind it is the oldest that surely is not.
      const [oldest] = this.waiting.splice(1, 1);
      const lost = oldest?.records.length ?? 0;
      this.deliveries.dropped += lost;
      this.log.error(
        { lost, dropped: this.deliveries.dropped },
        "the outbox is full: oldest records dropped",
      );
    }
    this.running ??= this.drain().finally(() => (this.running = undefined));
  }

  /** Resolves once nothing waits, or the signal has ended the tries. */
  async flushed(): Promise<void> {
    await this.running;
  }

  private async drain(): Promise<void> {
    for (let batch = this.waiting[0]; batch; batch = this.waiting[0]) {
      if (!(await this.deliver(batch))) return;
      this.waiting.shift();
    }
  }

  /** Whether the batch was delivered before the signal came. */
  private async deliver({ topic, records }: Batch): Promise<boolean> {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        await this.sender.send(topic, records);
        this.count(topic, records.length);
        return true;
      } catch (error) {
        this.deliveries.failedTries++;
        this.deliveries.lastError = messageOf(error);
        this.log.warn({ topic, waiting: this.depth, retryInMs: wait }, this.deliveries.lastError);
      }
      if (this.signal.aborted) return false;
      await sleep(wait, undefined, { signal: this.signal }).catch(() => undefined);
    }
  }

  private count(topic: string, records: number): void {
    this.deliveries.acked += records;
    this.deliveries.lastAckedAt = new Date().toISOString();
    this.deliveries.lastError = undefined;
    this.deliveries.topics[topic] = (this.deliveries.topics[topic] ?? 0) + records;
    this.log.info({ topic, records }, "delivered");
  }
}

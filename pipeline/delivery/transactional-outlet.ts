import type { Logger } from "pino";
import { PipelineError, messageOf } from "../errors";
import { isFenced } from "../kafka/failure";
import { endTransaction, TRANSACTION_TIMEOUT_MS, type OpenTransaction } from "../kafka/identity";
import { batchesOf } from "../kafka/log-search";
import type { DeliveryReport } from "../kafka/report";
import { loadCodec, type Codec } from "../kafka/codec";
import { backoff, wait } from "../wait";
import { KafkaOutlet, type KafkaOutletOptions } from "./kafka-outlet";
import type { Marks } from "./outlet";
import type { PlacedMessage } from "./plan";

const COMMIT_ATTEMPTS = 8;

/**
 * Sends each delivery in a transaction: those who read committed records only see it whole or not at all. A
 * second producer with the same transactional id fences this one off, which ends with KAFKA_FENCED.
 */
export class TransactionalOutlet extends KafkaOutlet {
  private readonly stopping = new AbortController();

  private constructor(
    topic: string,
    codec: Codec,
    options: KafkaOutletOptions,
    private readonly transaction: OpenTransaction,
    log: Logger,
  ) {
    super(topic, codec, { ...options, transaction }, log);
  }

  static async begin(
    topic: string,
    transactionalId: string,
    options: KafkaOutletOptions,
    log: Logger,
  ): Promise<TransactionalOutlet> {
    const codec = await loadCodec(options.compression);
    const transaction = { id: transactionalId, added: new Set<never>(), beganAt: undefined };
    return new TransactionalOutlet(topic, codec, options, transaction, log);
  }

  override async open(): Promise<number> {
    try {
      return await super.open();
    } catch (error) {
      throw this.judged(error);
    }
  }

  /** All of a delivery or nothing: what was not committed is undone by now. */
  override async stored(marks: Marks): Promise<Map<number, number>> {
    const counts = await super.stored(marks);
    for (const { partition, from } of marks.marks)
      if (!(await this.isCommitted(partition, BigInt(from), BigInt(marks.producerId))))
        counts.set(partition, 0);
    return counts;
  }

  override async send(messages: readonly PlacedMessage[]): Promise<DeliveryReport[]> {
    this.transaction.added.clear();
    this.transaction.beganAt = undefined;
    const reports = await super.send(messages);
    const failure = reports.find(
      ({ error }) => error?.canRetry ?? error?.code === "STOPPED",
    )?.error;
    if (failure) {
      await this.end(false).catch(() => undefined);
      throw this.judged(failure);
    }
    if (this.transaction.added.size > 0) await this.commit();
    return reports;
  }

  override abandon(): void {
    this.stopping.abort();
    super.abandon();
  }

  /** Whether the answer to a commit got lost cannot be told, so it is asked for again, which is harmless. */
  private async commit(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.end(true);
      } catch (error) {
        this.cluster.reset();
        const isOver = error instanceof PipelineError && isFenced(error);
        if (isOver || attempt >= COMMIT_ATTEMPTS) {
          // Still open, its records would become part of the next one.
          this.client.renew();
          throw this.judged(error);
        }
        await wait(backoff(attempt, 100, 5_000), this.stopping.signal);
      }
    }
  }

  private end(commit: boolean): Promise<void> {
    return endTransaction(this.cluster, this.transaction.id, this.client.producer, commit);
  }

  private async isCommitted(partition: number, from: bigint, producerId: bigint): Promise<boolean> {
    const leader = this.leaders.find((other) => other.partition === partition);
    if (!leader) return false;
    const broker = await this.cluster.broker(leader.nodeId);
    let marker: string | undefined;
    for await (const batch of batchesOf(this.cluster, broker, {
      topic: this.topic,
      partition,
      from,
    }))
      if (batch.producerId === producerId) marker = batch.marker;
    return marker === "commit";
  }

  /**
   * What an error means for this producer. The broker refuses one whose transaction it has ended for its age
   * in the same words as one whose place another has taken, which only the time since its beginning tells apart.
   */
  private judged(error: unknown): PipelineError {
    const { id, beganAt } = this.transaction;
    if (!(error instanceof PipelineError))
      return new PipelineError("KAFKA_UNREACHABLE", messageOf(error), {
        canRetry: true,
        cause: error,
      });
    if (!isFenced(error)) return error;
    if (beganAt !== undefined && Date.now() - beganAt >= TRANSACTION_TIMEOUT_MS)
      return new PipelineError(
        "KAFKA_REFUSED",
        `topic ${this.topic}: the broker has undone the transaction, as it took longer than ${TRANSACTION_TIMEOUT_MS / 1000} s`,
        { canRetry: true, cause: error },
      );
    return new PipelineError(
      "KAFKA_FENCED",
      `another producer has taken over the transactional id ${id}: give each instance one of its own`,
      { cause: error },
    );
  }
}

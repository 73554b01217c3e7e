import type { PipelineError } from "../errors";
import { backoff, wait } from "../wait";
import type { KafkaCluster } from "./cluster";
import type { Codec } from "./codec";
import { failureOf, failureOfCode, isFenced, topicMissing, verdictOf } from "./failure";
import { addToTransaction, takeIdentity, type OpenTransaction } from "./identity";
import { findStored } from "./log-search";
import { Batch, Queues, type PartitionQueue } from "./partition-queue";
import type { PartitionAnswer } from "./protocol";
import type { BatchBuilder, Identity } from "./record-batch";
import type { DeliveryReport, Position } from "./report";
import { requestOf, take, type Route, type Taken } from "./route";
import { splitRecords } from "./split";

const ANSWER_TIMEOUT_MS = 10_000;
/** Codes after which the records may stand in the log all the same: too few replicas answered in time. */
const MAY_BE_STORED = new Set([7, 20]);

export interface ClientOptions {
  /** Requests on their way to one broker. Idempotence holds for up to 5. @default 5 */
  maxInFlight?: number;
  /** How often in a row all may fail before what waits is reported as failed. @default Infinity */
  retries?: number;
  /** @default 100 */
  firstBackoffMs?: number;
  /** @default 5000 */
  maxBackoffMs?: number;
  /** Where batches belong to transactions. They are begun and ended elsewhere. */
  transaction?: OpenTransaction;
  onReport: (report: DeliveryReport) => void;
  /** Told of each failure that is tried again, with the time until then. */
  onTrouble?: (error: PipelineError, failures: number, retryInMs: number) => void;
}

/**
 * Sends batches, each exactly once and in their order by partition. Up to five requests are on their way to a
 * broker at a time. After a failure it waits until the fate of each is known, opens new connections where the
 * old ones hang, and sends the same bytes under the same numbers, so that the broker recognises what it has.
 */
export class BatchClient {
  private identity: Identity | undefined;
  /** Set where a new identity is needed, with the broker's words for it, which may come among others. */
  private lost: { reason?: PipelineError } | undefined;
  private readonly queues = new Queues();
  private routes = new Map<number, Route>();
  private routed: ReadonlySet<PartitionQueue> = new Set();
  private requests = 0;
  private failures = 0;
  private serving: Promise<void> | undefined;
  private streaming: { end: () => void; fail: (error: PipelineError) => void } | undefined;
  /** Batches that the broker will never take, to be dealt with once all answers are in. */
  private refusals: { queue: PartitionQueue; batch: Batch; parts: Batch[] }[] = [];
  private onSettled: (() => void) | undefined;
  private readonly stop = new AbortController();

  constructor(
    private readonly cluster: KafkaCluster,
    private readonly codec: Codec,
    private readonly options: ClientOptions,
  ) {}

  /** Takes a closed batch over. What became of it is reported. */
  enqueue(topic: string, partition: number, builder: BatchBuilder): void {
    const batch = this.batchOf(builder);
    this.queues.of(topic, partition).waiting.push(batch);
    this.wake();
  }

  /** Resolves once every batch that was taken over is reported. */
  async drained(): Promise<void> {
    while (this.serving) await this.serving;
  }

  /** Who sends. Only after `ready`, or once something was sent. */
  get producer(): Identity {
    return this.identity ?? { producerId: -1n, epoch: -1 };
  }

  /** How a partition's next batch will be numbered, and where its log ends. Only after `ready`. */
  position(topic: string, partition: number): Position | undefined {
    const queue = this.queues.of(topic, partition);
    return queue.knownEnd === undefined
      ? undefined
      : { sequence: queue.sequence, knownEnd: queue.knownEnd };
  }

  /** Makes sure of an identity, and of where the partitions end. @throws PipelineError */
  async ready(topic: string, partitions: readonly number[]): Promise<void> {
    for (const partition of partitions) this.queues.of(topic, partition);
    await this.prepare();
  }

  /** Has the next batches come from a new producer. */
  renew(): void {
    this.lost ??= {};
  }

  /** Reports all that waits as failed and takes up no more. */
  abandon(error: PipelineError): void {
    this.stop.abort();
    this.cluster.reset();
    this.failAll(error);
  }

  private wake(): void {
    if (this.streaming) this.pump();
    else
      this.serving ??= this.serve().finally(() => {
        this.serving = undefined;
        // A batch may have come in the moment in which serving ended.
        if (this.queues.isBusy && !this.stop.signal.aborted) this.wake();
      });
  }

  private async serve(): Promise<void> {
    while (this.queues.isBusy && !this.stop.signal.aborted) {
      let trouble: PipelineError | undefined;
      try {
        await this.prepare();
        await this.stream();
      } catch (error) {
        trouble = failureOf("", error);
      }
      await this.settle();
      if (!trouble) continue;
      // A new producer would undo the transaction: all of it has to be sent again, if it may still be.
      const isOver = this.lost !== undefined || isFenced(trouble);
      if (isOver && this.options.transaction) this.failAll(this.lost?.reason ?? trouble);
      else await this.pause(trouble);
    }
  }

  private async pause(error: PipelineError): Promise<void> {
    if (this.stop.signal.aborted) return;
    const { retries = Infinity, firstBackoffMs = 100, maxBackoffMs = 5_000 } = this.options;
    if (++this.failures > retries) {
      this.failures = 0;
      return this.failAll(error);
    }
    const pause = Math.round(backoff(this.failures, firstBackoffMs, maxBackoffMs));
    this.options.onTrouble?.(error, this.failures, pause);
    await wait(pause, this.stop.signal).catch(() => undefined);
  }

  /** Identity, leaders and connections. */
  private async prepare(): Promise<void> {
    const queues = this.queues.all();
    if (this.failures > 0) await this.cluster.refresh();
    const routes = new Map<number, Route>();
    for (const topic of new Set(queues.map((queue) => queue.topic))) {
      const leaders = await this.cluster.leaders(topic);
      const mine = queues.filter((queue) => queue.topic === topic);
      if (mine.some((queue) => queue.knownEnd === undefined)) {
        const ends = await this.cluster.endOffsets(topic, leaders);
        for (const queue of mine) queue.knownEnd ??= ends.get(queue.partition);
      }
      for (const queue of mine) {
        const leader = leaders.find(({ partition }) => partition === queue.partition);
        if (!leader) throw topicMissing(`${topic}, partition ${queue.partition},`);
        const route = routes.get(leader.nodeId) ?? {
          broker: await this.cluster.broker(leader.nodeId),
          queues: [],
          inFlight: 0,
        };
        route.queues.push(queue);
        routes.set(leader.nodeId, route);
      }
    }
    if (!this.identity || this.lost) await this.identify(routes);
    const { transaction } = this.options;
    const busy = queues.filter((queue) => !queue.isEmpty);
    if (transaction && this.identity)
      await addToTransaction(this.cluster, transaction, this.identity, busy);
    this.routes = routes;
    this.routed = new Set(transaction ? busy : queues);
  }

  /** Becomes a new producer. What the old one sent without an answer is looked for in the log. */
  private async identify(routes: ReadonlyMap<number, Route>): Promise<void> {
    const old = this.identity;
    const identity = await takeIdentity(this.cluster, this.options.transaction?.id);
    for (const { broker, queues } of routes.values())
      for (const queue of queues) {
        const unsure = queue.waiting.filter((batch) => batch.mayBeStored);
        if (!old || unsure.length === 0) continue;
        const { topic, partition, knownEnd: from = 0n } = queue;
        const stored = await findStored(this.cluster, broker, { topic, partition, from }, old);
        for (const batch of unsure) {
          const found = stored.get(batch.sequence ?? -1);
          if (found) this.acknowledge(queue, batch, found.baseOffset);
        }
      }
    for (const queue of this.queues.all()) queue.startAnew();
    this.identity = identity;
    this.lost = undefined;
  }

  private stream(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.streaming = { end: resolve, fail: reject };
      this.pump();
    }).finally(() => (this.streaming = undefined));
  }

  /** Sends what is ready, as far as answers are not waited for already. */
  private pump(): void {
    // Where a partition is new, its leader has to be found before anything else is sent.
    const isRouted = this.queues.all().every((queue) => queue.isEmpty || this.routed.has(queue));
    for (const route of this.routes.values())
      while (isRouted && this.streaming && route.inFlight < (this.options.maxInFlight ?? 5)) {
        const taken = take(route.queues);
        if (taken.length === 0) break;
        void this.send(route, taken);
      }
    if (this.requests === 0 && (!isRouted || !this.queues.isBusy)) this.streaming?.end();
  }

  private async send(route: Route, taken: readonly Taken[]): Promise<void> {
    const { identity, options } = this;
    if (!identity) return;
    route.inFlight++;
    this.requests++;
    const request = requestOf(taken, identity, options.transaction?.id);
    try {
      const answers = await this.cluster.ask(route.broker, request);
      for (const { queue, batch } of taken) this.judge(queue, batch, answers);
    } catch (error) {
      for (const { batch } of taken) batch.mayBeStored = true;
      // The socket may hang for good: nothing may be sent into it again.
      this.cluster.reset();
      this.streaming?.fail(failureOf("", error));
    }
    route.inFlight--;
    if (--this.requests === 0) this.onSettled?.();
    if (this.streaming) this.pump();
  }

  private judge(queue: PartitionQueue, batch: Batch, answers: readonly PartitionAnswer[]): void {
    const { topic, partition } = queue;
    const answer = answers.find((a) => a.topic === topic && a.partition === partition);
    const code = answer?.errorCode ?? -1;
    const verdict = verdictOf(code);
    if (verdict === "stored") {
      this.failures = 0;
      return this.acknowledge(queue, batch, answer?.baseOffset ?? -1n);
    }
    // What comes after a batch that is not stored is out of order, which says nothing about itself.
    if (queue.broken) return;
    queue.broken = true;
    if (verdict === "again" || verdict === "identity-lost") {
      batch.mayBeStored ||= MAY_BE_STORED.has(code);
      const failure = failureOfCode(topic, code);
      if (verdict === "identity-lost") this.lost = { reason: failure };
      this.streaming?.fail(failure);
      return;
    }
    const parts = verdict === "too-large" ? splitRecords(batch).map(this.batchOf) : [];
    if (parts.length === 0) this.report(queue, batch, { error: failureOfCode(topic, code) });
    this.refusals.push({ queue, batch, parts });
    this.streaming?.end();
  }

  /** Waits until no answer is open any more, and puts what is not stored back in its place. */
  private async settle(): Promise<void> {
    if (this.requests > 0) {
      const late = setTimeout(() => this.cluster.reset(), ANSWER_TIMEOUT_MS);
      await new Promise<void>((resolve) => (this.onSettled = resolve));
      clearTimeout(late);
    }
    for (const queue of this.queues.all()) queue.requeue();
    for (const { queue, batch, parts } of this.refusals) queue.refused(batch, parts);
    this.refusals = [];
  }

  private acknowledge(queue: PartitionQueue, batch: Batch, baseOffset: bigint): void {
    queue.stored(batch, baseOffset);
    this.report(queue, batch, { baseOffset });
  }

  private failAll(error: PipelineError): void {
    for (const queue of this.queues.all())
      for (const batch of queue.clear()) this.report(queue, batch, { error });
    this.lost ??= {};
  }

  private report(
    { topic, partition }: PartitionQueue,
    { count: records, bytes, builder }: Batch,
    outcome: { baseOffset: bigint } | { error: PipelineError },
  ): void {
    const latencyMs = Date.now() - builder.openedAt;
    this.options.onReport({ topic, partition, records, bytes, latencyMs, ...outcome });
  }

  private readonly batchOf = (builder: BatchBuilder): Batch =>
    new Batch(builder, this.codec, () => this.wake());
}

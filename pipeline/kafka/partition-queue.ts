import type { Codec } from "./codec";
import type { BatchBuilder, SealedBatch } from "./record-batch";

/** Sequence numbers start anew after this many. */
const SEQUENCES = 2 ** 31;

/** A batch on its way: closed, and sent as soon as it is compressed and its turn comes. */
export class Batch {
  sealed: SealedBatch | undefined;
  /** Number of its first record, given when it is first sent. */
  sequence: number | undefined;
  /** Whether it was sent without an answer that tells its fate. */
  mayBeStored = false;
  readonly count: number;
  /** Bytes of its records before compression, which is what it holds of memory. */
  readonly bytes: number;

  /** @param onSealed Told when it can be sent. */
  constructor(
    readonly builder: BatchBuilder,
    codec: Codec,
    onSealed: () => void,
  ) {
    this.count = builder.count;
    this.bytes = builder.bytes;
    void builder.seal(codec).then((sealed) => {
      this.sealed = sealed;
      onSealed();
    });
  }
}

/** The batches of one partition, in the order in which they are to stand in its log. */
export class PartitionQueue {
  /** Sent and not answered, oldest first. */
  inFlight: Batch[] = [];
  waiting: Batch[] = [];
  /** Whether an answer said that a batch was not stored: what was sent after it cannot be either. */
  broken = false;
  /** Where the log ended when this producer came, or after its last acknowledged batch. */
  knownEnd: bigint | undefined;
  private nextSequence = 0;
  /** Whether the broker has a batch of this producer. Until then it takes any number for the first. */
  private isKnown = false;

  constructor(
    readonly topic: string,
    readonly partition: number,
  ) {}

  get isEmpty(): boolean {
    return this.inFlight.length === 0 && this.waiting.length === 0;
  }

  /** Sequence that the next new batch gets. */
  get sequence(): number {
    return this.nextSequence;
  }

  /** The next batch that can be sent, which then counts as in flight. */
  take(): { batch: Batch; sealed: SealedBatch; sequence: number } | undefined {
    const batch = this.waiting[0];
    if (!batch?.sealed || this.broken) return undefined;
    if (!this.isKnown && this.inFlight.length > 0) return undefined;
    this.waiting.shift();
    this.inFlight.push(batch);
    if (batch.sequence === undefined) {
      batch.sequence = this.nextSequence;
      this.nextSequence = (this.nextSequence + batch.count) % SEQUENCES;
    }
    return { batch, sealed: batch.sealed, sequence: batch.sequence };
  }

  /** The batch is in the log. */
  stored(batch: Batch, baseOffset: bigint): void {
    this.remove(batch);
    this.isKnown = true;
    if (baseOffset >= 0n) this.knownEnd = baseOffset + BigInt(batch.count);
  }

  /** The batch will never be in the log: what comes after it takes its numbers. `parts` come in its place. */
  refused(batch: Batch, parts: readonly Batch[] = []): void {
    this.remove(batch);
    this.waiting.unshift(...parts);
    this.renumber(batch.sequence ?? this.nextSequence);
  }

  /** All that was sent and not answered is to be sent again, in the same order with the same numbers. */
  requeue(): void {
    this.waiting.unshift(...this.inFlight);
    this.inFlight = [];
    this.broken = false;
  }

  /** What is sent next comes from a new producer. */
  startAnew(): void {
    this.isKnown = false;
    this.renumber(0);
  }

  /** Numbers all that waits from `sequence` on. */
  renumber(sequence: number): void {
    this.nextSequence = sequence;
    for (const batch of this.waiting) {
      batch.sequence = undefined;
      batch.mayBeStored = false;
    }
  }

  /** Takes everything out. */
  clear(): Batch[] {
    const all = [...this.inFlight, ...this.waiting];
    this.inFlight = [];
    this.waiting = [];
    return all;
  }

  private remove(batch: Batch): void {
    this.inFlight = this.inFlight.filter((other) => other !== batch);
    this.waiting = this.waiting.filter((other) => other !== batch);
  }
}

/** The queues of all partitions that something was sent to. */
export class Queues {
  private readonly byPlace = new Map<string, PartitionQueue>();

  get isBusy(): boolean {
    return this.all().some((queue) => !queue.isEmpty);
  }

  all(): PartitionQueue[] {
    return [...this.byPlace.values()];
  }

  /** A partition's queue, made where there is none yet. */
  of(topic: string, partition: number): PartitionQueue {
    const place = `${partition}/${topic}`;
    const queue = this.byPlace.get(place) ?? new PartitionQueue(topic, partition);
    this.byPlace.set(place, queue);
    return queue;
  }
}

import type { BatchClient } from "./client";
import { BatchBuilder } from "./record-batch";
import type { DeliveryReport } from "./report";

export interface WriterOptions {
  /** Bytes of records, before compression, at which a batch is sent. @default 262144 */
  batchBytes?: number;
  /** How long a batch that is not full waits for more. @default 100 */
  lingerMs?: number;
  /** Bytes of records that wait or are on their way. Above it, writing has to wait. @default 67108864 */
  bufferBytes?: number;
}

/** Gathers records into batches by partition, with bounded memory. */
export class Writer {
  private readonly open = new Map<
    string,
    { topic: string; partition: number; builder: BatchBuilder }
  >();
  private readonly options: Required<WriterOptions>;
  private readonly linger: NodeJS.Timeout;
  private held = 0;
  private freed: { promise: Promise<void>; resolve: () => void } | undefined;

  constructor(
    private readonly client: Pick<BatchClient, "enqueue" | "drained">,
    options: WriterOptions = {},
  ) {
    this.options = { batchBytes: 262_144, lingerMs: 100, bufferBytes: 67_108_864, ...options };
    const everyMs = Math.max(1, this.options.lingerMs / 2);
    this.linger = setInterval(() => this.closeOlderThan(this.options.lingerMs), everyMs);
    this.linger.unref();
  }

  /** Bytes of records that wait or are on their way. */
  get bytes(): number {
    return this.held;
  }

  /**
   * Takes one record. Where there is no room for more, it gives a promise, and the next record
   * has to wait for that.
   */
  write(
    topic: string,
    partition: number,
    key: string,
    value: string | Buffer,
  ): Promise<void> | undefined {
    const id = `${partition}/${topic}`;
    let entry = this.open.get(id);
    if (!entry) {
      entry = { topic, partition, builder: new BatchBuilder(this.options.batchBytes) };
      this.open.set(id, entry);
    }
    const before = entry.builder.bytes;
    entry.builder.append(key, value);
    this.held += entry.builder.bytes - before;
    if (entry.builder.bytes >= this.options.batchBytes) this.close(id);
    if (this.held < this.options.bufferBytes) return undefined;
    this.closeOlderThan(0);
    return this.room();
  }

  /** Has to be told of each report of the client, as that is when memory becomes free. */
  reported({ bytes }: DeliveryReport): void {
    this.held -= bytes;
    if (this.held >= this.options.bufferBytes) return;
    this.freed?.resolve();
    this.freed = undefined;
  }

  /** Sends what is gathered, and resolves once all of it is reported. */
  async flush(): Promise<void> {
    this.closeOlderThan(0);
    await this.client.drained();
  }

  stop(): void {
    clearInterval(this.linger);
  }

  private room(): Promise<void> {
    if (this.freed) return this.freed.promise;
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => (resolve = done));
    this.freed = { promise, resolve };
    return promise;
  }

  private closeOlderThan(ms: number): void {
    const before = Date.now() - ms;
    for (const [id, { builder }] of this.open) if (builder.openedAt <= before) this.close(id);
  }

  private close(id: string): void {
    const entry = this.open.get(id);
    if (!entry) return;
    this.open.delete(id);
    this.client.enqueue(entry.topic, entry.partition, entry.builder);
  }
}

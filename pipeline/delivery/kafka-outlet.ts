import type { Logger } from "pino";
import { PipelineError } from "../errors";
import { BatchClient } from "../kafka/client";
import { KafkaCluster, type ClusterOptions, type Leader } from "../kafka/cluster";
import { loadCodec, type Codec, type CodecName } from "../kafka/codec";
import type { OpenTransaction } from "../kafka/identity";
import { findStored } from "../kafka/log-search";
import type { DeliveryReport } from "../kafka/report";
import { Writer, type WriterOptions } from "../kafka/writer";
import type { Marks, Outlet } from "./outlet";
import type { PlacedMessage } from "./plan";

export interface KafkaOutletOptions extends WriterOptions {
  cluster: ClusterOptions;
  compression: CodecName;
  maxInFlight: number;
  /** How often in a row all may fail before what waits is reported as failed. @default Infinity */
  retries?: number;
  transaction?: OpenTransaction;
  /** Told of each failure that is tried again. */
  onTrouble: (error: PipelineError, failures: number, retryInMs: number) => void;
}

/** Sends to one topic, idempotently, over connections of its own. */
export class KafkaOutlet implements Outlet {
  protected readonly cluster: KafkaCluster;
  protected readonly client: BatchClient;
  protected leaders: Leader[] = [];
  private readonly writer: Writer;
  private reports: DeliveryReport[] = [];

  protected constructor(
    protected readonly topic: string,
    codec: Codec,
    { cluster, maxInFlight, retries, transaction, onTrouble, ...batching }: KafkaOutletOptions,
    log: Logger,
  ) {
    this.cluster = new KafkaCluster(cluster, log);
    const onReport = (report: DeliveryReport): void => {
      this.writer.reported(report);
      this.reports.push(report);
    };
    const chosen = {
      ...(retries === undefined ? {} : { retries }),
      ...(transaction ? { transaction } : {}),
    };
    this.client = new BatchClient(this.cluster, codec, {
      maxInFlight,
      ...chosen,
      onReport,
      onTrouble,
    });
    this.writer = new Writer(this.client, batching);
  }

  static async create(
    topic: string,
    options: KafkaOutletOptions,
    log: Logger,
  ): Promise<KafkaOutlet> {
    return new KafkaOutlet(topic, await loadCodec(options.compression), options, log);
  }

  async open(): Promise<number> {
    try {
      this.leaders = await this.cluster.leaders(this.topic);
      await this.client.ready(
        this.topic,
        this.leaders.map((leader) => leader.partition),
      );
      return this.leaders.length;
    } catch (error) {
      // Whatever hangs, the next attempt begins with connections of its own.
      this.cluster.reset();
      throw error;
    }
  }

  marks(): Marks {
    const { producerId, epoch } = this.client.producer;
    const marks = this.leaders.flatMap(({ partition }) => {
      const position = this.client.position(this.topic, partition);
      return position
        ? [{ partition, done: 0, from: String(position.knownEnd), sequence: position.sequence }]
        : [];
    });
    return { producerId: String(producerId), epoch, marks };
  }

  async stored({ producerId, epoch, marks }: Marks): Promise<Map<number, number>> {
    const producer = { producerId: BigInt(producerId), epoch };
    const counts = new Map<number, number>();
    for (const { partition, done, from, sequence } of marks) {
      const leader = this.leaders.find((other) => other.partition === partition);
      if (!leader) continue;
      const broker = await this.cluster.broker(leader.nodeId);
      const stretch = { topic: this.topic, partition, from: BigInt(from) };
      const found = await findStored(this.cluster, broker, stretch, producer);
      let count = done;
      for (let next = found.get(sequence); next; next = found.get(next.baseSequence + next.count))
        count += next.count;
      counts.set(partition, count);
    }
    return counts;
  }

  async send(messages: readonly PlacedMessage[]): Promise<DeliveryReport[]> {
    this.reports = [];
    for (const { partition, key, value } of messages) {
      const room = this.writer.write(this.topic, partition, key, value);
      if (room) await room;
    }
    await this.writer.flush();
    return this.reports;
  }

  abandon(): void {
    this.client.abandon(new PipelineError("STOPPED", "stopped before it was acknowledged"));
  }

  async close(): Promise<void> {
    this.writer.stop();
    this.cluster.close();
  }
}

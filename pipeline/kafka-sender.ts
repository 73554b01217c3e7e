import { Kafka, logLevel, type Producer } from "kafkajs";
import type { Logger } from "pino";
import { PipelineError, messageOf } from "./errors";
import { partitionOf } from "./partitioner";
import type { Message, Receipt, Sender } from "./sender";
import { within } from "./wait";

const CONNECT_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
const DISCONNECT_TIMEOUT_MS = 2_000;
/** Longer than the client's own tries take, so that it ends by itself unless it hangs. */
const HANG_MS = 60_000;
/** How long the number of partitions is taken for granted. */
const PARTITIONS_AGE_MS = 60_000;

const REFUSED_FOR_GOOD = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "CORRUPT_MESSAGE",
  "INVALID_TIMESTAMP",
]);
/** The broker no longer knows the producer or its sequence: only a new one can go on. */
const IDENTITY_LOST = new Set([
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
  "UNKNOWN_PRODUCER_ID",
  "INVALID_PRODUCER_ID_MAPPING",
  "INVALID_PRODUCER_EPOCH",
  "PRODUCER_FENCED",
]);

/**
 * Sends with kafkajs: idempotent, acks from all in-sync replicas, one request in flight.
 *
 * kafkajs goes on with a socket whose request timed out, for minutes. So it tries little by itself;
 * `reset` closes its connections but keeps the producer, with its id and its sequence numbers, and the
 * broker recognises a batch that it has already stored.
 */
export class KafkaSender implements Sender {
  private readonly kafka: Kafka;
  private producer: Producer | undefined;
  private connected = false;
  private readonly partitions = new Map<string, { count: number; readAt: number }>();

  constructor(
    brokers: readonly string[],
    clientId: string,
    private readonly log: Logger,
  ) {
    this.kafka = new Kafka({
      brokers: [...brokers],
      clientId,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      retry: { retries: 1, initialRetryTime: 100 },
      logLevel: logLevel.INFO,
      // What matters of it comes back as an error and is told once, in this project's words.
      logCreator:
        () =>
        ({ namespace, log: { message } }) =>
          this.log.debug({ kafkajs: namespace }, message),
    });
  }

  async partitionsOf(topic: string): Promise<number> {
    const known = this.partitions.get(topic);
    if (known && known.readAt > Date.now() - PARTITIONS_AGE_MS) return known.count;
    const admin = this.kafka.admin();
    const count = await this.guard(topic, async () => {
      try {
        await admin.connect();
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        return topics[0]?.partitions.length ?? 0;
      } finally {
        await this.disconnect(admin);
      }
    });
    if (count === 0) throw topicMissing(topic);
    this.partitions.set(topic, { count, readAt: Date.now() });
    return count;
  }

  async send(topic: string, partition: number, messages: readonly Message[]): Promise<Receipt> {
    return this.guard(topic, async () => {
      const producer = await this.connect();
      const batch = messages.map((message) => ({ ...message, partition }));
      const [metadata] = await producer.send({ topic, messages: batch, acks: -1 });
      return { baseOffset: BigInt(metadata?.baseOffset ?? -1) };
    });
  }

  async reset(): Promise<void> {
    this.connected = false;
    this.partitions.clear();
    // A producer that cannot even be disconnected is given up, and with it what it has sent and not heard of.
    if (this.producer && !(await this.disconnect(this.producer))) this.producer = undefined;
  }

  async close(): Promise<void> {
    await this.reset();
    this.producer = undefined;
  }

  private async connect(): Promise<Producer> {
    this.producer ??= this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: () => (args) =>
        args.message.partition ??
        partitionOf(String(args.message.key), args.partitionMetadata.length),
      retry: { retries: 1, initialRetryTime: 100 },
    });
    if (!this.connected) await this.producer.connect();
    this.connected = true;
    return this.producer;
  }

  private async disconnect(client: { disconnect(): Promise<void> }): Promise<boolean> {
    const hangs = () => new PipelineError("KAFKA_UNREACHABLE", "disconnecting takes too long");
    return within(DISCONNECT_TIMEOUT_MS, client.disconnect(), hangs).then(
      () => true,
      () => false,
    );
  }

  private async guard<T>(topic: string, work: () => Promise<T>): Promise<T> {
    try {
      return await within(HANG_MS, work(), () => {
        this.producer = undefined;
        return new PipelineError("KAFKA_UNREACHABLE", "the Kafka client hangs", { canRetry: true });
      });
    } catch (error) {
      throw this.failureOf(topic, error);
    }
  }

  private failureOf(topic: string, error: unknown): PipelineError {
    if (error instanceof PipelineError) return error;
    const root = rootOf(error);
    const type = "type" in root && typeof root.type === "string" ? root.type : "";
    if (type === "UNKNOWN_TOPIC_OR_PARTITION") return topicMissing(topic, error);
    if (IDENTITY_LOST.has(type)) this.producer = undefined;
    const refused = REFUSED_FOR_GOOD.has(type);
    if (refused || type !== "")
      return new PipelineError("KAFKA_REFUSED", `topic ${topic}: ${type}: ${messageOf(root)}`, {
        canRetry: !refused,
        cause: error,
      });
    return new PipelineError("KAFKA_UNREACHABLE", `Kafka cannot be reached: ${messageOf(root)}`, {
      canRetry: true,
      cause: error,
    });
  }
}

function topicMissing(topic: string, cause?: unknown): PipelineError {
  return new PipelineError("KAFKA_TOPIC_MISSING", `there is no topic ${topic} on the broker`, {
    canRetry: true,
    cause,
  });
}

/** kafkajs wraps what happened in errors that say that it has tried enough. */
function rootOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return error.name.startsWith("KafkaJS") && error.cause instanceof Error
    ? rootOf(error.cause)
    : error;
}

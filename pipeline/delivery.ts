import { Kafka, logLevel, Partitioners, type Producer, type RecordMetadata } from "kafkajs";
import type { Logger } from "pino";
import { messageOf, PipelineError } from "./errors";
import type { PipelineRecord } from "./record";

/** Where records go. Tests put their own in its place. */
export interface Sender {
  /**
   * Sends all of `records`, keyed by game, and resolves once every in-sync replica has them.
   * @throws PipelineError DELIVERY_FAILED. Some of the records may have arrived; sending them again is harmless
   * downstream, as (game_id, fetch_time) names each.
   */
  send(topic: string, records: readonly PipelineRecord[]): Promise<RecordMetadata[]>;
  close(): Promise<void>;
}

/** One broker request may take this long before it counts as failed. */
const REQUEST_TIMEOUT_MS = 10_000;

export function kafkaSender(options: { brokers: string[]; clientId: string }, log: Logger): Sender {
  const kafka = new Kafka({
    ...options,
    connectionTimeout: 3_000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: { retries: 3, initialRetryTime: 200, maxRetryTime: 2_000 },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ log: entry, label }) =>
        log.debug({ label, kafkajs: entry }, entry.message),
  });
  let producer: Promise<Producer> | undefined;

  async function connect(): Promise<Producer> {
    const fresh = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // As Java's clients place keys, so that every client agrees where a game's records are.
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await fresh.connect();
    return fresh;
  }

  /** After a failure kafkajs would go on with the socket that failed. A new producer has a new one. */
  async function discard(): Promise<void> {
    const old = producer;
    producer = undefined;
    await old?.then((used) => used.disconnect()).catch(() => undefined);
  }

  return {
    async send(topic, records) {
      try {
        producer ??= connect();
        const messages = records.map((record) => ({
          key: String(record.game_id),
          value: JSON.stringify(record),
        }));
        return await (await producer).send({ topic, acks: -1, messages });
      } catch (error) {
        await discard();
        throw new PipelineError(
          "DELIVERY_FAILED",
          `${records.length} records for ${topic} were not acknowledged: ${messageOf(error)}`,
          { cause: error },
        );
      }
    },
    close: discard,
  };
}

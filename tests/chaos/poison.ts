import { CompressionTypes, type RecordMetadata } from "kafkajs";
import { quietKafka } from "../../tools/lib/topics";
import { badKinds } from "../image/bad-messages";
import { PARTITIONS, topic } from "./warehouse";

/** How often each kind is sent. */
const ROUNDS = 44;
/** What a broker takes in one batch. */
const BATCH_BYTES = 500_000;

/** Sends messages that must not be stored, and remembers where each stands. */
export class Poison {
  /** `partition/offset` of each bad message that the broker acknowledged. */
  readonly sent = new Set<string>();
  /** Messages beside them that hold nothing. */
  empty = 0;

  constructor(private readonly brokers: string) {}

  /** All kinds, and messages without a value or with an empty one between them. */
  async send(): Promise<void> {
    const producer = quietKafka({ brokers: this.brokers }).producer({ retry: { retries: 20 } });
    await producer.connect();
    try {
      for (let round = 0; round < ROUNDS; round++) {
        for (const values of batches()) {
          const partition = round % PARTITIONS;
          const messages = values.map((value) => ({ partition, key: "bad", value }));
          const compression = CompressionTypes.None;
          this.note(await producer.send({ topic, acks: -1, messages, compression }), values.length);
        }
        const nothing = [null, ""].map((value) => ({ partition: 0, key: "nothing", value }));
        await producer.send({ topic, acks: -1, messages: nothing });
        this.empty += nothing.length;
      }
    } finally {
      await producer.disconnect();
    }
  }

  private note(stored: readonly RecordMetadata[], count: number): void {
    for (const { partition, baseOffset } of stored)
      for (let index = 0; index < count; index++)
        this.sent.add(`${partition}/${Number(baseOffset) + index}`);
  }
}

/** The kinds' values, as many together as a batch holds. */
function batches(): (Buffer | string)[][] {
  const all: (Buffer | string)[][] = [[]];
  let bytes = 0;
  for (const { value } of badKinds) {
    const length = Buffer.byteLength(value);
    if (bytes + length > BATCH_BYTES && bytes > 0) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(value);
    bytes += length;
  }
  return all;
}

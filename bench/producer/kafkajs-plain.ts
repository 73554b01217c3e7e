import { CompressionTypes, Kafka, logLevel, Partitioners, type Producer } from "kafkajs";
import type { CodecName } from "../../pipeline/kafka/codec";
import { teachCodecs } from "../../pipeline/kafka/kafkajs-codecs";
import type { TopGameRecord } from "../../pipeline/record";
import type { Outcome, Task } from "./child";

const BATCH = 1_000;
const WARM = 20_000;
const TYPES = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
} as const satisfies Record<CodecName, CompressionTypes>;

/** kafkajs as its documentation uses it: idempotent, in batches of 1,000 that are waited for. */
export async function sendPlainly(
  { brokers, topic, codec }: Task,
  records: readonly TopGameRecord[],
  measure: (work: () => Promise<number>) => Promise<Outcome>,
): Promise<Outcome> {
  // The same programs compress for both, so that clients are compared and not codecs.
  teachCodecs();
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  await send(producer, topic, TYPES[codec], records.slice(0, WARM));
  const outcome = await measure(() => send(producer, topic, TYPES[codec], records));
  await producer.disconnect();
  return outcome;
}

async function send(
  producer: Producer,
  topic: string,
  compression: CompressionTypes,
  records: readonly TopGameRecord[],
): Promise<number> {
  for (let start = 0; start < records.length; start += BATCH) {
    const messages = records
      .slice(start, start + BATCH)
      .map((record) => ({ key: String(record.game_id), value: JSON.stringify(record) }));
    await producer.send({ topic, messages, acks: -1, compression });
  }
  return records.length;
}

import type { Broker } from "kafkajs/src/cluster";
import type { KafkaCluster } from "./cluster";
import { failureOfCode } from "./failure";
import { fetchRequest } from "./protocol";
import { storedBatches, type Identity, type StoredBatch } from "./record-batch";

const FETCH_BYTES = 4 * 1024 * 1024;

/** A stretch of a partition's log. */
export interface Stretch {
  topic: string;
  partition: number;
  /** Its first offset. It goes to the log's end. */
  from: bigint;
}

/** The batches that `producer` has in a stretch of the log, by their first sequence. @throws PipelineError */
export async function findStored(
  cluster: KafkaCluster,
  broker: Broker,
  stretch: Stretch,
  producer: Identity,
): Promise<Map<number, StoredBatch>> {
  const found = new Map<number, StoredBatch>();
  for await (const batch of batchesOf(cluster, broker, stretch)) {
    const { producerId, epoch, baseSequence, marker } = batch;
    if (producerId === producer.producerId && epoch === producer.epoch && !marker)
      found.set(baseSequence, batch);
  }
  return found;
}

/** Each batch of a stretch, in its order. */
export async function* batchesOf(
  cluster: KafkaCluster,
  broker: Broker,
  { topic, partition, from }: Stretch,
): AsyncGenerator<StoredBatch> {
  for (let offset = from; ;) {
    const request = fetchRequest(topic, partition, offset, FETCH_BYTES);
    const { errorCode, records } = await cluster.ask(broker, request);
    if (errorCode !== 0) throw failureOfCode(topic, errorCode);
    const batches = storedBatches(records);
    if (batches.length === 0) return;
    for (const batch of batches) {
      if (batch.baseOffset >= offset) yield batch;
      offset = batch.baseOffset + BigInt(batch.count);
    }
  }
}

import type { Broker } from "kafkajs/src/cluster";
import type { WireRequest } from "./kafkajs-internals";
import { produceRequest, type PartitionAnswer, type TopicBatches } from "./protocol";
import type { Batch, PartitionQueue } from "./partition-queue";
import { IN_TRANSACTION, type Identity, type SealedBatch } from "./record-batch";

/** Most bytes of one request, far below the broker's own limit of 100 MiB. */
const MAX_REQUEST_BYTES = 8 * 1024 * 1024;
/** How long the broker may wait for its replicas. */
const REPLICAS_TIMEOUT_MS = 8_000;

/** A broker, and the partitions that it leads. */
export interface Route {
  broker: Broker;
  queues: PartitionQueue[];
  /** Requests without an answer. */
  inFlight: number;
}

/** A batch whose turn has come. */
export interface Taken {
  queue: PartitionQueue;
  batch: Batch;
  sealed: SealedBatch;
  sequence: number;
}

/** At most one batch of each partition, as many as fit into a request. */
export function take(queues: readonly PartitionQueue[]): Taken[] {
  const taken: Taken[] = [];
  let bytes = 0;
  for (const queue of queues) {
    if (bytes >= MAX_REQUEST_BYTES) break;
    const next = queue.take();
    if (!next) continue;
    taken.push({ queue, ...next });
    bytes += next.sealed.bytes;
  }
  return taken;
}

/** The request that stores these batches. */
export function requestOf(
  taken: readonly Taken[],
  identity: Identity,
  transactionalId: string | undefined,
): WireRequest<PartitionAnswer[]> {
  const attributes = transactionalId === undefined ? 0 : IN_TRANSACTION;
  const topics = new Map<string, TopicBatches>();
  for (const { queue, sealed, sequence } of taken) {
    const { topic, partition } = queue;
    const entry = topics.get(topic) ?? { topic, partitions: [] };
    entry.partitions.push({ partition, batch: sealed.sign(identity, sequence, attributes) });
    topics.set(topic, entry);
  }
  return produceRequest([...topics.values()], REPLICAS_TIMEOUT_MS, transactionalId ?? null);
}

import type { KafkaCluster } from "./cluster";
import type { PartitionQueue } from "./partition-queue";
import type { Identity } from "./record-batch";

/** After which the broker ends a transaction of a producer that went away. */
export const TRANSACTION_TIMEOUT_MS = 60_000;

/** The transaction that batches belong to, and the partitions that its coordinator knows of. */
export interface OpenTransaction {
  id: string;
  added: Set<PartitionQueue>;
  /** When a partition was first to be added to it. */
  beganAt: number | undefined;
}

/**
 * An identity that no one has had before. With a transactional id, what its last holder left open is undone,
 * and that holder is fenced off. @throws PipelineError
 */
export async function takeIdentity(
  cluster: KafkaCluster,
  transactionalId: string | undefined,
): Promise<Identity> {
  const { producerId, producerEpoch } = await cluster.coordinator(transactionalId, (broker) =>
    broker.initProducerId({ transactionalId, transactionTimeout: TRANSACTION_TIMEOUT_MS }),
  );
  return { producerId: BigInt(producerId), epoch: producerEpoch };
}

/** Makes the partitions of `queues` part of the transaction. @throws PipelineError */
export async function addToTransaction(
  cluster: KafkaCluster,
  transaction: OpenTransaction,
  identity: Identity,
  queues: readonly PartitionQueue[],
): Promise<void> {
  const { id, added } = transaction;
  const missing = queues.filter((queue) => !added.has(queue));
  if (missing.length === 0) return;
  const topics = [...new Set(missing.map((queue) => queue.topic))].map((topic) => ({
    topic,
    partitions: missing.filter((queue) => queue.topic === topic).map(({ partition }) => partition),
  }));
  transaction.beganAt ??= Date.now();
  await cluster.coordinator(id, (broker) =>
    broker.addPartitionsToTxn({ ...callerOf(id, identity), topics }),
  );
  for (const queue of missing) added.add(queue);
}

/** Makes a transaction's records visible, or undoes them. @throws PipelineError */
export async function endTransaction(
  cluster: KafkaCluster,
  id: string,
  identity: Identity,
  commit: boolean,
): Promise<void> {
  await cluster.coordinator(id, (broker) =>
    broker.endTxn({ ...callerOf(id, identity), transactionResult: commit }),
  );
}

function callerOf(id: string, { producerId, epoch }: Identity) {
  return { transactionalId: id, producerId: String(producerId), producerEpoch: epoch };
}

import { Partitioners } from "kafkajs";

const javaCompatible = Partitioners.DefaultPartitioner();

/** The partition that a Java producer, too, sends `key` to: murmur2 over the number of partitions. */
export function partitionOf(key: string, partitions: number): number {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionId,
    partitionErrorCode: 0,
    leader: 0,
    replicas: [],
    isr: [],
  }));
  return javaCompatible({
    topic: "",
    partitionMetadata,
    message: { key: Buffer.from(key), value: null },
  });
}

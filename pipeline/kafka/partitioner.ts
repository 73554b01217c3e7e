import { crc32 } from "./crc32";
import { murmur2 } from "./murmur2";

/** Which of `partitions` partitions a record with `key` goes to. The same key always goes to the same one. */
export type Partitioner = (key: string, partitions: number) => number;

const javas: Partitioner = (key, partitions) =>
  (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;

/**
 * The partitioners there are, by name. One that suits other keys is added here.
 *
 * - `murmur2`: what a Java producer chooses, and kafka-python.
 * - `crc32`: what librdkafka chooses by default for a record with a key.
 * - `modulo`: the key as a number, modulo. Ids given one after the other spread evenly.
 */
export const partitioners = {
  murmur2: javas,
  crc32: (key, partitions) => crc32(Buffer.from(key)) % partitions,
  modulo: (key, partitions) => {
    const id = Number(key);
    return Number.isSafeInteger(id) && id >= 0 ? id % partitions : javas(key, partitions);
  },
} satisfies Record<string, Partitioner>;

export type PartitionerName = keyof typeof partitioners;
export const partitionerNames = Object.keys(partitioners) as [
  PartitionerName,
  ...PartitionerName[],
];

/** Keys whose partition is remembered. A ranking has a hundred, a year of them some thousands. */
const REMEMBERED_KEYS = 50_000;

/** `name`'s partitioner for a topic of `partitions`, with a memory for keys that come again. */
export function remembering(name: PartitionerName, partitions: number): (key: string) => number {
  const choose: Partitioner = partitioners[name];
  const known = new Map<string, number>();
  return (key) => {
    let partition = known.get(key);
    if (partition === undefined) {
      partition = choose(key, partitions);
      if (known.size >= REMEMBERED_KEYS) known.clear();
      known.set(key, partition);
    }
    return partition;
  };
}

import { createHash } from "node:crypto";
import type { KafkaAccess } from "../../../pipeline/kafka/access";
import { brokerOffsets, type PartitionOffsets } from "../audit/broker";
import { LogReader } from "../audit/read-back";
import type { BackedUpStream } from "./manifest";
import type { BackupTarget } from "./target";

type Last = BackedUpStream["partitions"][number]["last"];

/** How far each topic has been read and stored, by the topic. @throws UserError (UNREACHABLE) */
export async function committedOffsets({
  kafka,
  streams,
}: BackupTarget): Promise<Map<string, PartitionOffsets[]>> {
  const found = new Map<string, PartitionOffsets[]>();
  for (const stream of streams)
    found.set(stream.topic, await brokerOffsets(kafka, { ...stream, keyColumn: "" }));
  return found;
}

/** The positions with the message before each, so that a later topic of the same name is told from this one. */
export async function withLastMessages(
  { kafka, streams }: BackupTarget,
  committed: ReadonlyMap<string, PartitionOffsets[]>,
): Promise<BackedUpStream[]> {
  const reader = new LogReader(kafka);
  try {
    const known: BackedUpStream[] = [];
    for (const { topic, group, table } of streams) {
      const partitions: BackedUpStream["partitions"] = [];
      for (const { partition, committed: offset, low } of committed.get(topic) ?? []) {
        const last =
          offset > low ? await messageAt(reader, topic, partition, offset - 1) : undefined;
        partitions.push({ partition, committed: offset, ...(last ? { last } : {}) });
      }
      known.push({ topic, group, table, partitions });
    }
    return known;
  } finally {
    reader.close();
  }
}

/** Whether Kafka still has, where it was, each message that a back-up ended with. */
export async function isSameTopic(kafka: KafkaAccess, stream: BackedUpStream): Promise<boolean> {
  const reader = new LogReader(kafka);
  try {
    const marks = stream.partitions.filter(({ last }) => last !== undefined);
    for (const { partition, last } of marks) {
      const now = await messageAt(reader, stream.topic, partition, last?.offset ?? 0);
      if (now?.timestamp !== last?.timestamp || now?.sha256 !== last?.sha256) return false;
    }
    return marks.length > 0;
  } finally {
    reader.close();
  }
}

async function messageAt(
  reader: LogReader,
  topic: string,
  partition: number,
  offset: number,
): Promise<Last> {
  const [message] = await reader.read(topic, partition, [{ first: offset, last: offset }]);
  if (!message) return undefined;
  const { timestamp, key, value } = message;
  const content = createHash("sha256")
    .update(key ?? "")
    .update("\0")
    .update(value ?? "");
  return { offset, timestamp, sha256: content.digest("hex") };
}

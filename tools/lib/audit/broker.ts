import type { Admin } from "kafkajs";
import type { KafkaAccess } from "../../../pipeline/kafka/access";
import { withAdmin } from "../topics";
import { reason } from "../clickhouse";
import { UserError } from "../user-error";
import type { AuditStream } from "./target";

/** Days that a dead letter is sure to be kept: a day less than its table's TTL. */
const LETTER_DAYS = 29;
/** How often, and how long after, a broker that has just started is asked again. */
const SETTLING_TRIES = 10;
const SETTLING_MS = 500;

/** Where a partition stands in Kafka. */
export interface PartitionOffsets {
  partition: number;
  /** Oldest offset that is kept. */
  low: number;
  /** Offset that the next message gets. */
  end: number;
  /** Everything before it has been stored and committed. `low` where nothing was committed yet. */
  committed: number;
  /** First offset whose dead letter cannot have expired yet. */
  lettersFrom: number;
}

/** @throws UserError (UNREACHABLE) where the broker does not answer, or has no such topic */
export async function brokerOffsets(
  access: KafkaAccess,
  stream: AuditStream,
): Promise<PartitionOffsets[]> {
  return answered(access, stream.topic, (admin) => offsetsOf(admin, stream));
}

/** The ends of a topic's partitions, by partition. @throws UserError (UNREACHABLE) */
export async function endOffsets(access: KafkaAccess, topic: string): Promise<Map<number, number>> {
  return answered(access, topic, async (admin) => {
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
  });
}

async function answered<T>(
  access: KafkaAccess,
  topic: string,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  try {
    for (let left = SETTLING_TRIES; ; left--) {
      try {
        return await withAdmin(access, work);
      } catch (error) {
        if (left === 0 || !isSettling(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
      }
    }
  } catch (cause) {
    throw new UserError("UNREACHABLE", `the topic ${topic} cannot be audited: ${reason(cause)}`, {
      where: `Kafka at ${access.brokers}`,
      fix: "npm run status tells whether the broker runs and which topics there are; nothing was changed",
      cause,
    });
  }
}

/** Whether a broker that has just started does not know yet who keeps the group or leads the partition. */
function isSettling(error: unknown): boolean {
  return error instanceof Error && /coordinator|leader/i.test(error.message);
}

async function offsetsOf(admin: Admin, { topic, group }: AuditStream): Promise<PartitionOffsets[]> {
  // What is committed is read first: all of it is in the ledger by the time that is read.
  const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const offsets = await admin.fetchTopicOffsets(topic);
  const letters = await admin.fetchTopicOffsetsByTimestamp(
    topic,
    Date.now() - LETTER_DAYS * 86_400_000,
  );
  return offsets
    .map(({ partition, low, high }) => {
      const own = <T extends { partition: number; offset: string }>(all: readonly T[] = []) =>
        Number(all.find((one) => one.partition === partition)?.offset ?? -1);
      const stored = own(committed?.partitions);
      return {
        partition,
        low: Number(low),
        end: Number(high),
        committed: stored < 0 ? Number(low) : stored,
        lettersFrom: Math.max(Number(low), own(letters)),
      };
    })
    .sort((a, b) => a.partition - b.partition);
}

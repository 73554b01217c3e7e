import { randomUUID } from "node:crypto";
import type { KafkaAccess } from "../../pipeline/kafka/access";
import { teachCodecs } from "../../pipeline/kafka/kafkajs-codecs";
import { quietKafka, withAdmin } from "./topics";
import { UserError } from "./user-error";

export interface Peeked {
  partition: number;
  offset: string;
  /** ISO 8601. */
  time: string;
  key: string | null;
  value: string | null;
}

export interface PeekOptions {
  topic: string;
  limit: number;
  from: "latest" | "beginning";
}

/** A stretch of a partition that is to be read: offsets from `start` up to, and without, `end`. */
export interface Stretch {
  partition: number;
  start: number;
  end: number;
}

const TIMEOUT_MS = 20_000;
/** Once messages come, the time without another after which no more are waited for. */
const QUIET_MS = 1_500;
/** Offsets beyond those wanted that are read: a transaction's marker has one, and is no message. */
const BEYOND = 64;

/** Which offsets hold the `limit` newest or oldest messages, of every partition that has any. */
export function stretches(
  partitions: readonly { partition: number; low: string; high: string }[],
  { limit, from }: Pick<PeekOptions, "limit" | "from">,
): Stretch[] {
  const filled = partitions.filter(({ low, high }) => Number(high) > Number(low));
  const each = Math.ceil(limit / Math.max(1, filled.length));
  return filled.map(({ partition, low, high }) => {
    const [first, end] = [Number(low), Number(high)];
    return from === "latest"
      ? { partition, start: Math.max(first, end - each - BEYOND), end }
      : { partition, start: first, end: Math.min(end, first + each + BEYOND) };
  });
}

/**
 * Reads messages of a topic with a group of its own, which is gone afterwards. Offsets are not committed.
 * @throws UserError (UNREACHABLE) where the broker does not answer or has no such topic.
 */
export async function peek(access: KafkaAccess, options: PeekOptions): Promise<Peeked[]> {
  const wanted = await offsetsOf(access, options);
  if (wanted.length === 0) return [];
  teachCodecs();
  const groupId = `steamline-peek-${randomUUID()}`;
  const consumer = quietKafka(access).consumer({ groupId, maxWaitTimeInMs: 200 });
  const found: Peeked[] = [];
  const open = new Map(wanted.map((stretch) => [stretch.partition, stretch]));
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: options.topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      let timer = setTimeout(resolve, TIMEOUT_MS);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      const take = (
        partition: number,
        message: { offset: string; timestamp: string; key: Buffer | null; value: Buffer | null },
      ) => {
        const stretch = open.get(partition);
        const offset = Number(message.offset);
        if (!stretch || offset < stretch.start) return;
        // What stands last may be no message, and never comes.
        clearTimeout(timer);
        timer = setTimeout(resolve, QUIET_MS);
        if (offset < stretch.end) found.push(readable(partition, message));
        if (offset >= stretch.end - 1) open.delete(partition);
        if (open.size === 0) done();
      };
      consumer
        .run({
          autoCommit: false,
          eachMessage: ({ partition, message }) => Promise.resolve(take(partition, message)),
        })
        .then(() => {
          for (const { partition, start } of wanted) {
            consumer.seek({ topic: options.topic, partition, offset: String(start) });
          }
        }, reject);
    });
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await withAdmin(access, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
  found.sort((a, b) => a.time.localeCompare(b.time) || a.partition - b.partition);
  return options.from === "latest" ? found.slice(-options.limit) : found.slice(0, options.limit);
}

async function offsetsOf(access: KafkaAccess, options: PeekOptions): Promise<Stretch[]> {
  try {
    return await withAdmin(access, async (admin) =>
      stretches(await admin.fetchTopicOffsets(options.topic), options),
    );
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new UserError("UNREACHABLE", `the topic ${options.topic} cannot be read: ${words}`, {
      where: `Kafka at ${access.brokers}`,
      fix: "npm run status tells whether the broker runs and which topics there are",
      cause,
    });
  }
}

function readable(
  partition: number,
  message: { offset: string; timestamp: string; key: Buffer | null; value: Buffer | null },
): Peeked {
  return {
    partition,
    offset: message.offset,
    time: new Date(Number(message.timestamp)).toISOString(),
    key: message.key?.toString() ?? null,
    value: message.value?.toString() ?? null,
  };
}

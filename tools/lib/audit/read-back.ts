import type { Broker, FetchedMessage } from "kafkajs/src/cluster";
import filterAbortedMessages from "kafkajs/src/consumer/filterAbortedMessages";
import { clusterOptions, type KafkaAccess } from "../../../pipeline/kafka/access";
import { KafkaCluster } from "../../../pipeline/kafka/cluster";
import { teachCodecs } from "../../../pipeline/kafka/kafkajs-codecs";
import { createLog } from "../../../pipeline/log";
import type { Range } from "./ranges";

const FETCH_BYTES = 4 * 1024 * 1024;
const OFFSET_OUT_OF_RANGE = "OFFSET_OUT_OF_RANGE";
/** As ClickHouse's client reads: nothing of a transaction that is open or was aborted. */
const READ_COMMITTED = 1;

/** What Kafka has at an offset. */
export interface ReadBack {
  offset: number;
  /** Milliseconds since 1970. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: { name: string; value: Buffer }[];
  /** Whether it is Kafka's own mark, such as the end of a transaction. */
  control: boolean;
  /** Whether its transaction was aborted, so that no reader gets it. */
  aborted: boolean;
}

/** Reads single stretches of partitions, without a consumer group. */
export class LogReader {
  private readonly cluster: KafkaCluster;

  constructor(access: KafkaAccess) {
    teachCodecs();
    this.cluster = new KafkaCluster(
      { ...clusterOptions(access), clientId: "steamline-audit" },
      createLog("silent", "text"),
    );
  }

  /**
   * Everything that Kafka still has at the offsets of ascending ranges, in its order: an offset that it does not give
   * was compacted or has expired. Ranges that lie close to one another come with one request.
   * @throws PipelineError where the broker does not answer
   */
  async read(topic: string, partition: number, ranges: readonly Range[]): Promise<ReadBack[]> {
    const leader = (await this.cluster.leaders(topic)).find((one) => one.partition === partition);
    if (!leader) throw new Error(`${topic} has no partition ${partition}`);
    const broker = await this.cluster.broker(leader.nodeId);
    const found: ReadBack[] = [];
    const open = ranges.map((range) => ({ ...range }));
    for (let range = open[0]; range; range = open[0]) {
      const batch = await fetchFrom(broker, topic, partition, range.first);
      if (batch.length === 0) break;
      const reached = batch.reduce((most, { offset }) => Math.max(most, offset), -1);
      for (const message of batch) {
        while (open[0] && open[0].last < message.offset) open.shift();
        if (open[0] && open[0].first <= message.offset) found.push(message);
      }
      // Of a compacted batch nothing may be left from here on: it is passed over offset by offset.
      const next = Math.max(range.first, reached) + 1;
      while (open[0] && open[0].last < next) open.shift();
      if (open[0]) open[0].first = Math.max(open[0].first, next);
    }
    return found;
  }

  close(): void {
    this.cluster.close();
  }
}

async function fetchFrom(
  broker: Broker,
  topic: string,
  partition: number,
  offset: number,
): Promise<ReadBack[]> {
  const partitions = [{ partition, fetchOffset: String(offset), maxBytes: FETCH_BYTES }];
  const asking = broker.fetch({
    replicaId: -1,
    isolationLevel: READ_COMMITTED,
    maxWaitTime: 500,
    minBytes: 1,
    maxBytes: FETCH_BYTES,
    topics: [{ topic, partitions }],
  });
  const { responses } = await asking.catch((error: unknown) => {
    if ((error as { type?: unknown }).type === OFFSET_OUT_OF_RANGE) return { responses: [] };
    throw error;
  });
  const answer = responses[0]?.partitions[0];
  if (!answer) return [];
  const readable = new Set(filterAbortedMessages(answer));
  return answer.messages.map((message) => readBack(message, !readable.has(message)));
}

function readBack(message: FetchedMessage, aborted: boolean): ReadBack {
  return {
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers: Object.entries(message.headers ?? {}).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => ({ name, value: one })),
    ),
    control: message.isControlRecord,
    aborted,
  };
}

import type { KafkaAccess } from "../../../pipeline/kafka/access";
import { OffsetError } from "../../../infra/offsets/error";
import { ConsumerGroup } from "../../../infra/offsets/group";
import type { Reader } from "../../../infra/offsets/reader";
import type { AuditStream } from "../audit/target";

/** What `npm run offsets` reaches. */
export interface OffsetsTarget {
  kafka: KafkaAccess;
  streams: readonly AuditStream[];
}

/** A topic, its group and Kafka table, and the table that the rows end in. */
export interface StreamReader extends Reader {
  table: string;
}

/**
 * The readers of the topic that is meant, or of all of the stack's.
 * @throws OffsetError (UNKNOWN_TOPIC) naming those there are
 */
export function readersOf({ kafka, streams }: OffsetsTarget, topic?: string): StreamReader[] {
  const meant = streams.filter((stream) => topic === undefined || stream.topic === topic);
  if (meant.length === 0) {
    throw new OffsetError("UNKNOWN_TOPIC", `${topic ?? ""} is no topic of this stack`, {
      where: "--topic",
      fix: `use one of ${streams.map((stream) => stream.topic).join(", ")}; nothing was changed`,
    });
  }
  return meant.map((stream) => ({
    table: stream.table,
    kafkaTable: `kafka_${stream.table}`,
    group: new ConsumerGroup(kafka, stream.topic, stream.group),
  }));
}

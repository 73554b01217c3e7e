import type { KafkaAccess } from "../../pipeline/kafka/access";
import { load } from "../load";
import type * as Group from "../offsets/group";
import type * as OffsetFaults from "../offsets/error";
import type * as Readers from "../offsets/reader";
import { parseTable } from "./definition";

/**
 * Has a Kafka table that is gone leave its consumer group. A static member stays in its group when it ends, and
 * nobody reads its partitions until its session has run out, which takes 45 seconds.
 * Where no broker answers the session runs out by itself.
 */
export async function leaveGroup(
  name: string,
  statement: string,
  kafka: KafkaAccess,
): Promise<void> {
  const { settings } = parseTable(statement);
  // As the stack's own names are, without anything that would have to be escaped.
  const named = (key: string) => /^'([\w.-]+)'$/.exec(settings[key] ?? "")?.[1];
  const topic = named("kafka_topic_list");
  const group = named("kafka_group_name");
  if (!topic || !group) return;
  // Kafka's client is loaded by those few changes that remove a consumer.
  const { ConsumerGroup } = load<typeof Group>(__filename, "../offsets/group");
  const { leave } = load<typeof Readers>(__filename, "../offsets/reader");
  const { OffsetError } = load<typeof OffsetFaults>(__filename, "../offsets/error");
  try {
    await leave({ kafkaTable: name, group: new ConsumerGroup(kafka, topic, group) });
  } catch (error) {
    if (!(error instanceof OffsetError)) throw error;
  }
}

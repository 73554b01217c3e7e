import { count } from "../amount";
import type { Audit, PartitionAudit, StreamAudit } from "./audit";
import { countOf, describeRanges } from "./ranges";

const KEYS_TOLD = 5;

/** What is wrong with a stream, a line each: empty where nothing is missing or repeated. */
export function findingsOf(found: StreamAudit): string[] {
  const { rows, stream, partitions } = found;
  return [
    ...partitions.flatMap((partition) => partitionFindings(stream.topic, partition)),
    ...found.acknowledgedBeyond.map(
      ({ partition, acknowledged, end }) =>
        `${stream.topic} partition ${partition}: Kafka acknowledged offset ${acknowledged} to the producer and now ends at ${end}: the broker lost it, or the topic was made anew`,
    ),
    ...(rows.missingRows > 0
      ? [
          `${stream.table}: ${count(rows.missingRows, "row")} that came to be stored ${are(rows.missingRows)} not there: ${missingKeys(found)}`,
        ]
      : []),
    ...(rows.repeatedRows > 0
      ? [`${stream.table}: a reader sees ${count(rows.repeatedRows, "row")} more than once`]
      : []),
  ];
}

function partitionFindings(topic: string, found: PartitionAudit): string[] {
  const { partition, lost, lostLetters, beyond, end } = found;
  const where = `${topic} partition ${partition}`;
  return [
    ...(lost.length > 0
      ? [`${where}: ${count(countOf(lost), "message")} lost, at offset ${describeRanges(lost)}`]
      : []),
    ...(lostLetters.length > 0
      ? [
          `${where}: no dead letter of ${count(countOf(lostLetters), "refused message")}, at offset ${describeRanges(lostLetters)}`,
        ]
      : []),
    ...(beyond !== undefined
      ? [
          `${where}: the ledger reaches offset ${beyond}, and Kafka ends at ${end}: the broker lost messages, or the topic was made anew`,
        ]
      : []),
  ];
}

/** What is wrong beside the streams. */
export function producerFindings({ producer }: Audit): string[] {
  if (!producer.ok || producer.value.recordsDropped === 0) return [];
  return [
    `the producer dropped ${count(producer.value.recordsDropped, "record")}, as its spool was full while Kafka could not be reached`,
  ];
}

function missingKeys({ rows, stream }: StreamAudit): string {
  const told = rows.missing
    .flatMap(({ key, times }) => times.map((time) => `${stream.keyColumn} ${key} at ${time}`))
    .slice(0, KEYS_TOLD);
  const more = rows.missingRows - told.length;
  return [...told, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

const are = (number: number) => (number === 1 ? "is" : "are");

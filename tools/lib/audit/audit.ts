import type { Seen } from "../status/observation";
import { brokerOffsets, endOffsets, type PartitionOffsets } from "./broker";
import { classify, type Fate, type Hole } from "./classify";
import { enter, holesIn, ledgerBegan, missingLetters, readLedger, type Entered } from "./ledger";
import { acknowledgedBeyond, readProducer, type ProducerReport } from "./producer";
import { rangesFrom, rangeWithout, type Range } from "./ranges";
import { LogReader } from "./read-back";
import { readRows, type RowsFound } from "./rows";
import type { AuditStream, AuditTarget } from "./target";

/** Views of one block store one after the other: what only one of them has stored yet is looked at again after this. */
const SETTLE_MS = 1_500;

export interface PartitionAudit extends PartitionOffsets {
  /** Messages by what became of them, as far as Kafka's offsets tell. */
  fates: Partial<Record<Fate, number>>;
  /** Messages that ClickHouse has still to read. */
  waiting: number;
  /** What was found in the ledger's holes this time. */
  holes: Hole[];
  /** Offsets that no view got and no reason excuses. */
  lost: Range[];
  /** Refused messages of which no dead letter is kept. */
  lostLetters: Range[];
  again: Entered["again"] | undefined;
  /** Where the ledger reaches, if that is beyond Kafka's end. */
  beyond: number | undefined;
}

export interface StreamAudit {
  stream: AuditStream;
  partitions: PartitionAudit[];
  rows: RowsFound;
  /** Partitions whose end lies before what the producer was told is stored. */
  acknowledgedBeyond: ReturnType<typeof acknowledgedBeyond>;
}

export interface Audit {
  checkedAt: string;
  complete: boolean;
  streams: StreamAudit[];
  producer: Seen<ProducerReport>;
}

/**
 * Holds what Kafka, the ledger, the tables, the dead letters and the producer each say against one another. Enters
 * into the ledger what it finds in holes, so that it is known after Kafka has let the message go.
 * @throws UserError (UNREACHABLE) where Kafka or ClickHouse does not answer
 */
export async function audit(target: AuditTarget): Promise<Audit> {
  const producer = await readProducer(target.producerUrl);
  const reader = new LogReader(target.kafka);
  try {
    const streams: StreamAudit[] = [];
    for (const stream of target.streams)
      streams.push(await auditStream(target, stream, reader, producer));
    const complete = streams.every(isWhole) && !(producer.ok && producer.value.recordsDropped > 0);
    return { checkedAt: new Date().toISOString(), complete, streams, producer };
  } finally {
    reader.close();
  }
}

/** Whether nothing of a stream is missing or repeated. */
export function isWhole({ partitions, rows, acknowledgedBeyond: beyond }: StreamAudit): boolean {
  return (
    beyond.length === 0 &&
    rows.missingRows === 0 &&
    rows.repeatedRows === 0 &&
    partitions.every(
      (one) => one.lost.length + one.lostLetters.length === 0 && one.beyond === undefined,
    )
  );
}

async function auditStream(
  target: AuditTarget,
  stream: AuditStream,
  reader: LogReader,
  producer: Seen<ProducerReport>,
): Promise<StreamAudit> {
  const { ask, kafka } = target;
  const offsets = await brokerOffsets(kafka, stream);
  const before = await readLedger(ask, stream);
  const holes = new Map<number, Hole[]>();
  for (const partition of offsets)
    holes.set(
      partition.partition,
      await fillHoles(target, stream, reader, partition, before.get(partition.partition)),
    );
  const found = [...holes.values()].flat();
  const entered = found.length === 0 ? before : await readLedger(ask, stream);
  const letters = await settled(
    () => missingLetters(ask, stream, offsets),
    (missing) => missing.size === 0,
  );
  const rows = await settled(
    () => readRows(target, stream),
    ({ missingRows }) => missingRows === 0,
  );
  const ends = await endOffsets(kafka, stream.topic);
  return {
    stream,
    rows,
    acknowledgedBeyond: producer.ok ? acknowledgedBeyond(producer.value, stream.topic, ends) : [],
    partitions: offsets.map((partition) => {
      const own = entered.get(partition.partition);
      const end = ends.get(partition.partition) ?? partition.end;
      return {
        ...partition,
        fates: own?.fates ?? {},
        waiting: Math.max(0, partition.end - partition.committed),
        holes: holes.get(partition.partition) ?? [],
        lost: own?.lost ?? [],
        lostLetters: letters.get(partition.partition) ?? [],
        again: own && own.again.count > 0 ? own.again : undefined,
        beyond: own && own.last >= end ? own.last : undefined,
      };
    }),
  };
}

/** Finds the offsets that should have come and did not, and enters what Kafka has of them. */
async function fillHoles(
  { ask }: AuditTarget,
  stream: AuditStream,
  reader: LogReader,
  offsets: PartitionOffsets,
  entered: Entered | undefined,
): Promise<Hole[]> {
  const { partition, low, committed } = offsets;
  const seen = entered && entered.last >= 0 ? entered : undefined;
  const expected = { first: Math.min(low, seen?.first ?? low), last: committed - 1 };
  const open = await holesIn(ask, stream, offsets, expected);
  if (open.length === 0) return [];
  const context = { low, firstEntered: seen?.first, ledgerBegan: await ledgerBegan(ask, stream) };
  const readable = rangesFrom(open, low);
  const read = readable.length === 0 ? [] : await reader.read(stream.topic, partition, readable);
  const found = new Map(read.map((message) => [message.offset, message]));
  const holes = open.flatMap((hole) => classify(hole, found, context));
  const known = entered?.lost ?? [];
  const news = holes.flatMap((hole) =>
    hole.fate === "lost"
      ? rangeWithout(hole, known).map((range) => ({ ...range, fate: hole.fate }))
      : hole,
  );
  await enter(ask, stream, partition, news);
  return holes;
}

/** Asks again a little later where something seems to be missing. */
async function settled<T>(look: () => Promise<T>, isWell: (found: T) => boolean): Promise<T> {
  const found = await look();
  if (isWell(found)) return found;
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return look();
}

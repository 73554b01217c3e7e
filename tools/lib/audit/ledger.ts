import { OWN_DATABASE } from "../../../infra/clickhouse/ledger";
import { quoteString } from "../../../infra/clickhouse/render";
import { LEDGER_BUCKET as BUCKET } from "../../../infra/offsets/effect";
import type { PartitionOffsets } from "./broker";
import type { Fate, Hole } from "./classify";
import { rangesFrom, type Range } from "./ranges";
import type { Ask, AuditStream } from "./target";

/** Offsets that one statement enters at most. */
const ENTRY_OFFSETS = 100_000;
/** And holes. */
const ENTRY_HOLES = 1_000;

/** What the ledger has of a partition. */
export interface Entered {
  partition: number;
  /** First and last offset that a view entered. */
  first: number;
  last: number;
  /** Offsets by what became of them. */
  fates: Partial<Record<Fate, number>>;
  /** Offsets that were delivered more than once: how many, the first and the last of them. */
  again: Range & { count: number };
  /** Offsets once found to be lost, and not delivered since. */
  lost: Range[];
}

const of = ({ table, topic }: AuditStream) =>
  `table = ${quoteString(table)} AND topic = ${quoteString(topic)}`;

/** SQL for the runs in an ascending array, as pairs of first and last. */
const runs = (array: string) =>
  `arrayMap(run -> (run[1], run[-1]), arraySplit((one, step) -> step > 1, arraySort(${array}), arrayDifference(arraySort(${array}))))`;

/**
 * The offsets of a partition that were delivered more than once, exactly.
 * Meant for as many as a person would read: each is taken out of its bitmap.
 */
export async function deliveredAgain(
  ask: Ask,
  stream: AuditStream,
  partition: number,
): Promise<Range[]> {
  const [row] = await ask<{ again: [string, string][] }>(
    `SELECT ${runs("arrayDistinct(arrayFlatten(groupArray(bitmapToArray(offsets))))")} AS again
     FROM (SELECT groupBitmapMergeState(again) AS offsets FROM steam_ledger WHERE ${of(stream)} AND partition = ${partition} GROUP BY bucket)`,
  );
  return pairs(row?.again ?? []);
}

/** Everything that is entered of a stream, by partition. */
export async function readLedger(ask: Ask, stream: AuditStream): Promise<Map<number, Entered>> {
  interface Row {
    partition: string;
    fate: Fate;
    messages: string;
    first: string;
    last: string;
    again: string;
    againFirst: string;
    againLast: string;
    lost: [string, string][];
  }
  const found = await ask<Row>(
    `WITH by_bucket AS
       (
         SELECT partition, bucket, fate, groupBitmapMergeState(offsets) AS offsets, groupBitmapMergeState(again) AS again
         FROM steam_ledger WHERE ${of(stream)} GROUP BY partition, bucket, fate
       ),
       arrived AS
       (
         SELECT partition, bucket, groupBitmapMergeState(offsets) AS offsets FROM by_bucket WHERE fate != 'lost'
         GROUP BY partition, bucket
       )
     SELECT partition, fate, sum(bitmapCardinality(by_bucket.offsets)) AS messages,
       min(bitmapMin(by_bucket.offsets)) AS first, max(bitmapMax(by_bucket.offsets)) AS last,
       sum(bitmapCardinality(by_bucket.again)) AS again,
       minIf(bitmapMin(by_bucket.again), bitmapCardinality(by_bucket.again) > 0) AS againFirst,
       maxIf(bitmapMax(by_bucket.again), bitmapCardinality(by_bucket.again) > 0) AS againLast,
       ${runs("arrayFlatten(groupArray(if(fate = 'lost', bitmapToArray(bitmapAndnot(by_bucket.offsets, arrived.offsets)), [])))")} AS lost
     FROM by_bucket LEFT JOIN arrived USING (partition, bucket)
     GROUP BY partition, fate ORDER BY partition, fate`,
  );
  const ledger = new Map<number, Entered>();
  for (const row of found) {
    const partition = Number(row.partition);
    const entered = ledger.get(partition) ?? {
      partition,
      first: Infinity,
      last: -1,
      fates: {},
      again: { count: 0, first: Infinity, last: -1 },
      lost: [],
    };
    ledger.set(partition, entered);
    entered.fates[row.fate] = Number(row.messages);
    if (row.fate === "lost") entered.lost = pairs(row.lost);
    if (row.fate !== "stored" && row.fate !== "refused") continue;
    entered.first = Math.min(entered.first, Number(row.first));
    entered.last = Math.max(entered.last, Number(row.last));
    if (Number(row.again) === 0) continue;
    entered.again = {
      count: entered.again.count + Number(row.again),
      first: Math.min(entered.again.first, Number(row.againFirst)),
      last: Math.max(entered.again.last, Number(row.againLast)),
    };
  }
  return ledger;
}

function pairs(found: readonly [string, string][]): Range[] {
  return found.map(([first, last]) => ({ first: Number(first), last: Number(last) }));
}

/**
 * The offsets of a stretch that the ledger does not have. Looks into a bitmap only where its count says that
 * something is missing, so that a whole ledger costs a row a million offsets.
 */
export async function holesIn(
  ask: Ask,
  stream: AuditStream,
  { partition }: Pick<PartitionOffsets, "partition">,
  { first, last }: Range,
): Promise<Range[]> {
  if (last < first) return [];
  const known = `SELECT bucket, groupBitmapMergeState(offsets) AS offsets FROM steam_ledger
    WHERE ${of(stream)} AND partition = ${partition} AND fate != 'lost' GROUP BY bucket`;
  const found = await ask<{ holes: [string, string][] }>(
    `WITH wanted AS
       (
         SELECT number AS bucket, greatest(number * ${BUCKET}, ${first}) AS first, least((number + 1) * ${BUCKET}, ${last} + 1) AS behind
         FROM numbers(${Math.floor(first / BUCKET)}, ${Math.floor(last / BUCKET) - Math.floor(first / BUCKET) + 1})
       )
     SELECT ${runs("bitmapToArray(bitmapAndnot(bitmapBuild(range(toUInt64(wanted.first), toUInt64(wanted.behind))), known.offsets))")} AS holes
     FROM wanted LEFT JOIN (${known}) AS known USING (bucket)
     WHERE if(wanted.behind - wanted.first = ${BUCKET}, bitmapCardinality(known.offsets),
       bitmapCardinality(bitmapSubsetInRange(known.offsets, toUInt64(wanted.first), toUInt64(wanted.behind)))) < wanted.behind - wanted.first
     ORDER BY bucket
     -- Cutting a bitmap costs a walk over it, so only those at the ends are cut.
     SETTINGS short_circuit_function_evaluation = 'force_enable'`,
  );
  return joined(found.flatMap(({ holes }) => pairs(holes)));
}

/** Ranges that touch, as they do where one bitmap ends and the next begins, made one. */
function joined(ranges: readonly Range[]): Range[] {
  const all: Range[] = [];
  for (const range of ranges) {
    const before = all.at(-1);
    if (before && before.last + 1 === range.first) before.last = range.last;
    else all.push({ ...range });
  }
  return all;
}

/** Enters what was found out of offsets that no view could see. */
export async function enter(
  ask: Ask,
  { table, topic }: AuditStream,
  partition: number,
  holes: readonly Hole[],
): Promise<void> {
  for (const batch of entryBatches(holes)) {
    const values = batch.map(
      ({ first, last, fate }) => `(${first}, ${last}, ${quoteString(fate)})`,
    );
    await ask(
      `INSERT INTO steam_ledger (table, topic, partition, bucket, fate, offsets)
       SELECT ${quoteString(table)}, ${quoteString(topic)}, ${partition}, intDiv(offset, ${BUCKET}) AS bucket, fate, groupBitmapState(offset)
       FROM (SELECT fate, arrayJoin(range(first, last + 1)) AS offset FROM values('first UInt64, last UInt64, fate String', ${values.join(", ")}))
       GROUP BY bucket, fate`,
    );
  }
}

/** Holes in portions that one statement can take, the large ones cut. */
function entryBatches(holes: readonly Hole[]): Hole[][] {
  const batches: Hole[][] = [];
  let room = 0;
  for (const { first, last, fate } of holes) {
    for (let from = first; from <= last; from += ENTRY_OFFSETS) {
      const piece = { first: from, last: Math.min(last, from + ENTRY_OFFSETS - 1), fate };
      const offsets = piece.last - piece.first + 1;
      const open = batches.at(-1);
      if (open && offsets <= room && open.length < ENTRY_HOLES) open.push(piece);
      else {
        batches.push([piece]);
        room = ENTRY_OFFSETS;
      }
      room -= offsets;
    }
  }
  return batches;
}

/** Offsets that were refused and of which no dead letter is kept, by partition. */
export async function missingLetters(
  ask: Ask,
  stream: AuditStream,
  offsets: readonly PartitionOffsets[],
): Promise<Map<number, Range[]>> {
  const found = await ask<{ partition: string; missing: [string, string][] }>(
    `SELECT partition, ${runs("bitmapToArray(bitmapAndnot(refused.offsets, letters.offsets))")} AS missing
     FROM (SELECT partition, groupBitmapMergeState(offsets) AS offsets FROM steam_ledger WHERE ${of(stream)} AND fate = 'refused' GROUP BY partition) AS refused
     LEFT JOIN (SELECT partition, groupBitmapState(offset) AS offsets FROM steam_dead_letters WHERE topic = ${quoteString(stream.topic)} GROUP BY partition) AS letters USING (partition)`,
  );
  return new Map(
    found.flatMap(({ partition, missing }) => {
      const from = offsets.find((one) => one.partition === Number(partition))?.lettersFrom;
      const ranges = from === undefined ? [] : rangesFrom(pairs(missing), from);
      return ranges.length === 0 ? [] : [[Number(partition), ranges] as const];
    }),
  );
}

/** When the ledger of a stream began, in milliseconds since 1970; undefined where no deployment noted it. */
export async function ledgerBegan(ask: Ask, { table }: AuditStream): Promise<number | undefined> {
  const [exists] = await ask<{ n: string }>(
    `SELECT count() AS n FROM system.tables WHERE database = ${quoteString(OWN_DATABASE)} AND name = 'changes'`,
  );
  if (Number(exists?.n) === 0) return undefined;
  const [row] = await ask<{ began: string; n: string }>(
    `SELECT toUnixTimestamp64Milli(min(at)) AS began, count() AS n FROM ${OWN_DATABASE}.changes
     WHERE object = ${quoteString(`${table}_ledger_mv`)} AND step = 'making'`,
  );
  return Number(row?.n) === 0 ? undefined : Number(row?.began);
}

import type { Logger } from "pino";
import { PipelineError } from "../errors";
import type { Encode } from "../format/format";
import type { DeliveryReport } from "../kafka/report";
import type { Source, Snapshot } from "../source/source";
import type { Entry, Spool } from "../spool/spool";
import type { Status } from "../status";
import { backoff, wait } from "../wait";
import type { Marks, Outlet } from "./outlet";
import { planMessages, type PlacedMessage } from "./plan";
import { Trouble } from "./trouble";

export interface LaneArgs {
  source: Pick<Source, "name" | "table">;
  spool: Spool;
  outlet: Outlet;
  encode: Encode;
  recordsPerMessage: number;
  /** Of a topic with so many partitions. */
  partitioner: (partitions: number) => (key: string) => number;
  status: Status;
  log: Logger;
  /** Wait after the first failure to reach the topic; it doubles with each. @default 500 */
  firstBackoffMs?: number;
  /** @default 5000 */
  maxBackoffMs?: number;
}

/** How messages of a snapshot were made: made otherwise, they cannot be compared with those in the log. */
interface Progress extends Marks {
  partitions: number;
  messages: number;
}

/**
 * Delivers the snapshots of one source, one after the other, until the spool is closed and empty. What cannot
 * be delivered now is tried again for ever: nothing overtakes it, so that the records of a key stay in order.
 *
 * @param giveUp Ends it at once. What is not acknowledged by then stays in the spool.
 * @throws PipelineError KAFKA_FENCED where another producer has taken its place.
 */
export async function runLane(args: LaneArgs, giveUp: AbortSignal): Promise<void> {
  const { source, spool } = args;
  giveUp.addEventListener("abort", () => args.outlet.abandon());
  for (
    let entry = await spool.next(source.name);
    entry !== undefined && !giveUp.aborted;
    entry = await spool.next(source.name)
  ) {
    const snapshot = await spool.read(entry);
    if (!snapshot) continue;
    const isDelivered = await deliverPatiently(args, entry, snapshot, giveUp);
    if (isDelivered) await spool.done(entry);
    else spool.release(entry);
    if (giveUp.aborted) return;
  }
}

/** Resolves to false only where given up. */
async function deliverPatiently(
  args: LaneArgs,
  entry: Entry,
  snapshot: Snapshot,
  giveUp: AbortSignal,
): Promise<boolean> {
  const { status, log, firstBackoffMs = 500, maxBackoffMs = 5_000 } = args;
  const { topic, fetchTime } = snapshot;
  const trouble = new Trouble(log, { topic, fetchTime });
  for (let failures = 0; !giveUp.aborted;) {
    try {
      return await deliver(args, entry, snapshot, giveUp);
    } catch (error) {
      status.deliveryFailed(error);
      if (error instanceof PipelineError && error.code === "KAFKA_FENCED") throw error;
      const pause = Math.round(backoff(++failures, firstBackoffMs, maxBackoffMs));
      trouble.tell(error, failures, pause);
      await wait(pause, giveUp).catch(() => undefined);
    }
  }
  return false;
}

async function deliver(
  args: LaneArgs,
  entry: Entry,
  snapshot: Snapshot,
  giveUp: AbortSignal,
): Promise<boolean> {
  const { source, spool, outlet, encode, recordsPerMessage, partitioner, status, log } = args;
  const { topic, fetchTime } = snapshot;
  const startedAt = Date.now();
  const partitions = await outlet.open();
  const { table } = source;
  const partitionOf = partitioner(partitions);
  const planned = planMessages(snapshot.records, { table, encode, recordsPerMessage, partitionOf });
  const made = { partitions, messages: planned.length };
  const before = await storedBefore(outlet, made, await spool.progress(entry));
  const { messages, skipped } = withoutStored(planned, before);
  if (skipped > 0)
    log.info({ topic, fetchTime, records: skipped }, "found in the topic from an earlier delivery");

  const marks = outlet.marks();
  for (const mark of marks.marks) mark.done = before.get(mark.partition) ?? 0;
  await spool.saveProgress(entry, { ...made, ...marks });
  const reports = await outlet.send(messages);
  if (giveUp.aborted && reports.some((report) => report.error)) return false;

  const { offsets, failed } = account(args, topic, messages, reports);
  const records = snapshot.records.length - skipped - failed;
  if (records > 0 || skipped > 0) status.delivered(snapshot);
  const ms = Date.now() - startedAt;
  log.info({ source: source.name, topic, fetchTime, records, failed, offsets, ms }, "delivered");
  return true;
}

/** Messages of an earlier delivery of the same snapshot that are in the topic, by partition. */
async function storedBefore(
  outlet: Outlet,
  made: Pick<Progress, "partitions" | "messages">,
  saved: unknown,
): Promise<Map<number, number>> {
  const before = saved as Progress | undefined;
  const isSame = before?.partitions === made.partitions && before.messages === made.messages;
  return before && isSame ? outlet.stored(before) : new Map<number, number>();
}

/** Leaves out the first messages of each partition that are stored, and counts the records in them. */
function withoutStored(planned: readonly PlacedMessage[], stored: ReadonlyMap<number, number>) {
  const left = new Map(stored);
  let skipped = 0;
  const messages = planned.filter(({ partition, records }) => {
    const count = left.get(partition) ?? 0;
    if (count === 0) return true;
    left.set(partition, count - 1);
    skipped += records;
    return false;
  });
  return { messages, skipped };
}

/** Adds the reports up, in the status and for the log. */
function account(
  { status, log }: LaneArgs,
  topic: string,
  messages: readonly PlacedMessage[],
  reports: readonly DeliveryReport[],
) {
  const recordsIn = recordCounter(messages);
  const offsets: Record<string, string> = {};
  let failed = 0;
  for (const report of reports) {
    const { partition, error, baseOffset } = report;
    const records = recordsIn(partition, report.records);
    status.reported(report, records);
    if (error) {
      failed += records;
      log.error({ topic, partition, records, code: error.code }, error.message);
    } else if (baseOffset !== undefined)
      offsets[partition] = String(baseOffset + BigInt(report.records - 1));
  }
  return { offsets, failed };
}

/** How many records the next so many messages of a partition hold. */
function recordCounter(messages: readonly PlacedMessage[]) {
  const waiting = new Map<number, number[]>();
  for (const { partition, records } of messages) {
    const counts = waiting.get(partition) ?? [];
    waiting.set(partition, counts);
    counts.push(records);
  }
  return (partition: number, count: number): number =>
    (waiting.get(partition)?.splice(0, count) ?? []).reduce((sum, records) => sum + records, 0);
}

import type { Logger } from "pino";
import { PipelineError, codeOf, messageOf } from "./errors";
import type { Outbox } from "./outbox";
import { partitionOf } from "./partitioner";
import { keyOf } from "./record";
import type { Message, Sender } from "./sender";
import type { Snapshot } from "./source/source";
import type { Status } from "./status";
import { backoff, wait } from "./wait";

const MAX_BATCH = 500;

export interface DeliveryArgs {
  outbox: Outbox;
  sender: Sender;
  status: Status;
  log: Logger;
  /** Wait after the first failure; it doubles with each up to half a minute. @default 500 */
  firstBackoffMs?: number;
  /** @default 30000 */
  maxBackoffMs?: number;
}

interface Batch {
  partition: number;
  messages: readonly Message[];
}

/**
 * Takes snapshots out of the outbox and sends them, one after the other, until the outbox is closed and
 * empty. A snapshot that cannot be sent is tried again for ever: nothing overtakes it, so that the
 * records of a game stay in order. What was acknowledged of it is not sent again.
 *
 * @param giveUp Ends it at once; what is not acknowledged by then is lost, and counted in the log.
 */
export async function deliver(args: DeliveryArgs, giveUp: AbortSignal): Promise<void> {
  for (
    let snapshot = await args.outbox.take();
    snapshot !== undefined;
    snapshot = await args.outbox.take()
  ) {
    const unsent = await deliverOne(args, snapshot, giveUp);
    if (!giveUp.aborted) continue;
    const lost = unsent + args.outbox.size;
    if (lost > 0) args.log.warn({ records: lost }, "stopped before all records were delivered");
    return;
  }
}

/** Sends one snapshot. Resolves to the number of records that were not, which is 0 unless given up. */
async function deliverOne(
  { sender, status, log, firstBackoffMs = 500, maxBackoffMs = 30_000 }: DeliveryArgs,
  snapshot: Snapshot,
  giveUp: AbortSignal,
): Promise<number> {
  const { topic, source, fetchTime } = snapshot;
  const startedAt = Date.now();
  const offsets: Record<string, string> = {};
  let batches: Batch[] | undefined;
  let refused = 0;
  for (let failures = 0; ;) {
    try {
      // Made once: a batch tried again has to be the same for the broker to recognise it.
      batches ??= batchesOf(snapshot, await sender.partitionsOf(topic));
      for (let batch = batches[0]; batch !== undefined; batch = batches[0]) {
        const { partition, messages } = batch;
        try {
          const { baseOffset } = await sender.send(topic, partition, messages);
          const lastOffset = baseOffset + BigInt(messages.length - 1);
          status.acked(topic, partition, messages.length, lastOffset);
          offsets[partition] = String(lastOffset);
        } catch (error) {
          if (!(error instanceof PipelineError) || error.canRetry) throw error;
          refused += messages.length;
          status.failed(topic, messages.length);
          log.error(
            { topic, partition, records: messages.length, code: error.code },
            error.message,
          );
        }
        batches.shift();
      }
      if (refused < snapshot.records.length) status.delivered(snapshot);
      const records = snapshot.records.length - refused;
      log.info(
        { source, topic, fetchTime, records, offsets, ms: Date.now() - startedAt },
        "delivered",
      );
      return 0;
    } catch (error) {
      status.deliveryFailed(error);
      const pause = Math.round(backoff(++failures, firstBackoffMs, maxBackoffMs));
      log.warn(
        { topic, fetchTime, code: codeOf(error), failures, retryInMs: pause },
        `waiting for Kafka: ${messageOf(error)}`,
      );
      await sender.reset();
      await wait(pause, giveUp).catch(() => undefined);
      if (giveUp.aborted)
        return batches
          ? batches.reduce((sum, batch) => sum + batch.messages.length, 0)
          : snapshot.records.length;
    }
  }
}

function batchesOf({ records }: Snapshot, partitions: number): Batch[] {
  const byPartition = new Map<number, Message[]>();
  for (const record of records) {
    const key = keyOf(record);
    const partition = partitionOf(key, partitions);
    const messages = byPartition.get(partition) ?? [];
    messages.push({ key, value: JSON.stringify(record) });
    byPartition.set(partition, messages);
  }
  const batches: Batch[] = [];
  for (const [partition, messages] of byPartition)
    for (let start = 0; start < messages.length; start += MAX_BATCH)
      batches.push({ partition, messages: messages.slice(start, start + MAX_BATCH) });
  return batches;
}

import type { ClickHouseClient } from "@clickhouse/client";
import { rows, run } from "./client";
import { isCluster } from "./everywhere";
import { quoteString } from "./render";

/** Database of what the tool notes for itself and of tables it needs for a while. */
export const OWN_DATABASE = "steamline";

/** Has a power cut take neither what was inserted nor what a merge made of it. */
export const DURABLY =
  "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1";

/**
 * making: before an object is created, so that one whose creation was cut short is known as ours.
 * adopted, dropped: it became ours, or is no more. mayDestroy: config allows its rows to be dropped with it.
 * frozen, filled, moved: steps of a backfill. resetting, reset: of a reset of offsets that config declares.
 */
export type LedgerStep =
  | "making"
  | "changing"
  | "adopted"
  | "dropped"
  | "mayDestroy"
  | "frozen"
  | "filled"
  | "moved"
  | "backfilled"
  | "resetting"
  | "reset";

/** Clients whose warehouse has the table, so that it is asked once for each. */
const prepared = new WeakSet<ClickHouseClient>();

async function prepare(client: ClickHouseClient): Promise<void> {
  if (prepared.has(client)) return;
  await run(client, `CREATE DATABASE IF NOT EXISTS ${OWN_DATABASE}`);
  // A first server that lost its volume still knows then which objects are the stack's.
  const engine = (await isCluster(client)) ? "ReplicatedMergeTree" : "MergeTree";
  await run(
    client,
    `CREATE TABLE IF NOT EXISTS ${OWN_DATABASE}.changes
     (at DateTime64(6) DEFAULT now64(6), object String, step LowCardinality(String), detail String)
     ENGINE = ${engine} ORDER BY (object, at)
     ${DURABLY}
     COMMENT 'What was done to the objects of sql/, and how far. Written by the deployment.'`,
  );
  prepared.add(client);
}

/** Notes a step, before or after it as its meaning has it. */
export async function note(
  client: ClickHouseClient,
  object: string,
  step: LedgerStep,
  detail = "",
): Promise<void> {
  await prepare(client);
  const values = [object, step, detail].map(quoteString).join(", ");
  await run(client, `INSERT INTO ${OWN_DATABASE}.changes (object, step, detail) SELECT ${values}`);
}

/** Steps noted for the object, oldest first, since it was last made. */
export async function notes(
  client: ClickHouseClient,
  object: string,
): Promise<{ step: LedgerStep; detail: string }[]> {
  await prepare(client);
  const all = await rows<{ step: LedgerStep; detail: string }>(
    client,
    `SELECT step, detail FROM ${OWN_DATABASE}.changes WHERE object = {object:String} ORDER BY at`,
    { object },
  );
  return all.slice(Math.max(0, all.map(({ step }) => step).lastIndexOf("making")));
}

/** Whether the object was made or adopted here and has not been dropped since. */
export async function isOwn(client: ClickHouseClient, object: string): Promise<boolean> {
  const steps = (await notes(client, object)).filter(({ step }) =>
    ["making", "adopted", "dropped"].includes(step),
  );
  const last = steps.at(-1)?.step;
  return last !== undefined && last !== "dropped";
}

import { setTimeout as sleep } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import { rows, run } from "../clickhouse/client";
import { OWN_DATABASE } from "../clickhouse/ledger";
import { located, observe, stands, viewsReading } from "../clickhouse/observe";
import { quoteIdentifier, quoteName, quoteString } from "../clickhouse/render";
import { viewParts } from "../clickhouse/statement";
import { pause, refuseWhileRead, resume, type Reader } from "./reader";
import { planReset } from "./reset";

const LOOK_MS = 250;

/** What came of a rebuild, in rows of the table. */
export interface Rebuilt {
  before: number;
  after: number;
  /** Rows whose messages Kafka no longer has, kept as they were. */
  kept: number;
}

/**
 * Empties a table, and what views make from it, and has it filled from its topic's first message. Rows that do not
 * come again, because Kafka no longer has their messages, are put back as they were. Cut short, it goes on.
 * @throws OffsetError (GROUP_RUNNING) where another program reads in the group; nothing is changed then
 */
export async function rebuildFromTopic(
  client: ClickHouseClient,
  reader: Reader,
  table: string,
): Promise<Rebuilt> {
  const keptName = `rebuilt_${table}`;
  const kept = `${OWN_DATABASE}.${quoteIdentifier(keptName)}`;
  const begun = await stands(client, `${OWN_DATABASE}.${keptName}`);
  const wasReading = await pause(client, reader);
  try {
    await refuseWhileRead(reader);
    if (!begun) await setAside(client, table, kept);
    for (const filled of [table, ...(await madeFrom(client, table))])
      await run(client, `TRUNCATE TABLE ${quoteName(filled)}`);
    const moves = await planReset(client, reader, { kind: "earliest" });
    await reader.group.commit(moves);
  } catch (error) {
    if (wasReading) await resume(client, reader);
    throw error;
  }
  await resume(client, reader);
  await caughtUp(reader);
  const before = await countRows(client, kept);
  const came = await countRows(client, quoteName(table));
  await putBack(client, table, kept);
  const after = await countRows(client, quoteName(table));
  await run(client, `DROP TABLE ${kept} SYNC`);
  return { before, after, kept: Math.max(0, after - came) };
}

/** Links the table's parts, whole or not at all as far as the name tells. */
async function setAside(client: ClickHouseClient, table: string, kept: string): Promise<void> {
  const draft = `${OWN_DATABASE}.${quoteIdentifier(`draft_${table}`)}`;
  await run(client, `CREATE DATABASE IF NOT EXISTS ${OWN_DATABASE}`);
  await run(client, `DROP TABLE IF EXISTS ${draft} SYNC`);
  await run(client, `CREATE TABLE ${draft} AS ${quoteName(table)}`);
  await run(client, `ALTER TABLE ${draft} ATTACH PARTITION ALL FROM ${quoteName(table)}`);
  await run(client, `RENAME TABLE ${draft} TO ${kept}`);
}

/** Tables that materialized views fill from this one. */
async function madeFrom(client: ClickHouseClient, table: string): Promise<string[]> {
  const targets: string[] = [];
  for (const name of await viewsReading(client, table)) {
    const view = await observe(client, { name, kind: "view", statement: "" });
    if (view) targets.push(viewParts(view.definition).target);
  }
  return targets;
}

/** Waits until everything that the topic held when this was called is stored and committed. */
async function caughtUp({ group }: Reader): Promise<void> {
  const ends = new Map((await group.positions()).map(({ partition, end }) => [partition, end]));
  for (;;) {
    const positions = await group.positions();
    const isDone = positions.every(
      ({ partition, low, committed }) => (committed ?? low) >= (ends.get(partition) ?? 0),
    );
    if (isDone) return;
    await sleep(LOOK_MS);
  }
}

/** Brings rows back whose keys did not come again, partition by partition. */
async function putBack(client: ClickHouseClient, table: string, kept: string): Promise<void> {
  const [found] = await rows<{ key: string }>(
    client,
    `SELECT sorting_key AS key FROM system.tables WHERE ${located(table)}`,
  );
  const key = found?.key ?? "";
  const partitions = await rows<{ id: string }>(
    client,
    `SELECT DISTINCT _partition_id AS id FROM ${kept} ORDER BY id`,
  );
  for (const { id } of partitions) {
    const inPartition = `_partition_id = ${quoteString(id)}`;
    await run(
      client,
      `INSERT INTO ${quoteName(table)} SELECT * FROM ${kept} FINAL
       WHERE ${inPartition} AND (${key}) NOT IN (SELECT ${key} FROM ${quoteName(table)} WHERE ${inPartition})
       SETTINGS insert_deduplicate = 0`,
    );
  }
}

async function countRows(client: ClickHouseClient, table: string): Promise<number> {
  const [row] = await rows<{ n: string }>(
    client,
    `SELECT toString(count()) AS n FROM ${table} FINAL`,
  );
  return Number(row?.n ?? 0);
}

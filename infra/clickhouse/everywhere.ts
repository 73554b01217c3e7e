import type { ClickHouseClient } from "@clickhouse/client";
import { rows } from "./client";
import { CLUSTER, isOnShard } from "./cluster";
import { quoteName } from "./render";

/** Clients of which it is known, so that the warehouse is asked once for each. */
const known = new WeakMap<ClickHouseClient, boolean>();

/**
 * Whether the warehouse is a cluster. There a statement that makes, changes or drops an object reaches every server;
 * what a server tells of itself, and what it is told to do, concerns it alone.
 */
export async function isCluster(client: ClickHouseClient): Promise<boolean> {
  const before = known.get(client);
  if (before !== undefined) return before;
  const [database] = await rows<{ engine: string }>(
    client,
    "SELECT engine FROM system.databases WHERE name = currentDatabase()",
  );
  const is = database?.engine === "Replicated";
  known.set(client, is);
  return is;
}

/** `table`, one of those by which servers tell of what they hold, of every shard once. */
export async function ofAllShards(
  client: ClickHouseClient,
  table: "system.parts" | "system.parts_columns",
): Promise<string> {
  return (await isCluster(client)) ? `cluster('${CLUSTER}', ${table})` : table;
}

/** A table with the rows of all shards, where it is one that is on each. */
export function wholeTable(name: string): string {
  const table = quoteName(name);
  return isOnShard(name) ? `cluster('${CLUSTER}', ${table})` : table;
}

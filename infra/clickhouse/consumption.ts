import type { ClickHouseClient } from "@clickhouse/client";
import { setTimeout as sleep } from "node:timers/promises";
import { rows, run } from "./client";
import { isCluster } from "./everywhere";
import { located, stands } from "./observe";
import { quoteName } from "./render";

/** ClickHouse's SYNTAX_ERROR. Servers before 26.7 cannot pause a table and say this. */
const SYNTAX_ERROR = "62";
/** ClickHouse's UNKNOWN_TABLE: one that is detached, as a person pauses it, reads nothing either. */
const UNKNOWN_TABLE = "60";
/** ClickHouse's CANNOT_GET_CREATE_TABLE_QUERY: there is no such table, not even a detached one. */
const NO_SUCH_TABLE = "390";

/** Longest that a block under way is waited for. */
const BLOCK_DEADLINE_MS = 60_000;
const LOOK_MS = 20;

/**
 * Reads no more, until `startConsumption` or the server's next start. Returns when the block under way has been
 * stored: the engine itself answers before that. Not for a cluster, of which it would reach one server.
 */
export async function pauseConsumption(
  client: ClickHouseClient,
  kafkaTable: string,
): Promise<void> {
  await system(client, "PAUSE", kafkaTable);
  let idleLooks = 0;
  for (const since = Date.now(); Date.now() - since < BLOCK_DEADLINE_MS; await sleep(LOOK_MS)) {
    const [row] = await rows<{ busy: string }>(
      client,
      `SELECT toString(sum(is_currently_used)) AS busy FROM system.kafka_consumers WHERE ${located(kafkaTable, "table")}`,
    );
    // A cycle that began just before the pause is seen only once it has asked for its consumer.
    idleLooks = Number(row?.busy ?? 0) === 0 ? idleLooks + 1 : 0;
    if (idleLooks === 2) return;
  }
}

export function startConsumption(client: ClickHouseClient, kafkaTable: string): Promise<void> {
  return system(client, "START", kafkaTable);
}

/** Brings a detached table back. @returns whether it stands now */
export async function attach(client: ClickHouseClient, kafkaTable: string): Promise<boolean> {
  if (await stands(client, kafkaTable)) return true;
  // A cluster's databases detach no table.
  if (await isCluster(client)) return false;
  try {
    await run(client, `ATTACH TABLE ${quoteName(kafkaTable)}`);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === NO_SUCH_TABLE) return false;
    throw error;
  }
}

async function system(
  client: ClickHouseClient,
  verb: "PAUSE" | "START",
  table: string,
): Promise<void> {
  try {
    await run(client, `SYSTEM ${verb} ${quoteName(table)}`);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code !== SYNTAX_ERROR && code !== UNKNOWN_TABLE) throw error;
  }
}

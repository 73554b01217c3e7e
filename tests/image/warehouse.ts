import { join } from "node:path";
import { readCatalog } from "../../infra/clickhouse/catalog";
import { rows, run, withClient } from "../../infra/clickhouse/client";
import { pauseConsumption, startConsumption } from "../../infra/clickhouse/consumption";
import { renderSql } from "../../infra/clickhouse/render";
import { formatPlaceholders } from "../../infra/message-format";
import type { Stand } from "./stand";

export const topics = { topGames: "top", details: "details" };
export const groups = { topGames: "top-group", details: "details-group" };
const sqlDir = join(__dirname, "../../sql");
const DEADLINE_MS = 60_000;

/** Makes the topics, and every object of `sql/` as a stack would, on a stand. */
export async function makeWarehouse(stand: Stand, partitions = 3): Promise<void> {
  const admin = stand.kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: Object.values(topics).map((topic) => ({ topic, numPartitions: partitions })),
    waitForLeaders: true,
  });
  await admin.disconnect();
  await withClient(stand.connection, async (client) => {
    const catalog = readCatalog(sqlDir);
    for (const { name, kind, sql, file } of catalog) {
      await run(client, renderSql(sql, valuesOf(stand), file).replace(/;\s*$/, ""));
      // Or the first view alone would get what comes before the others are made.
      if (kind === "kafka") await pauseConsumption(client, name);
    }
    for (const { name, kind } of catalog)
      if (kind === "kafka") await startConsumption(client, name);
  });
}

/** Has another group read the ranking's topic from its beginning, into the same tables by the same views. */
export async function readAgain(stand: Stand): Promise<void> {
  const values = { ...valuesOf(stand), topGamesGroup: "again-group" };
  await withClient(stand.connection, async (client) => {
    for (const { sql, file } of readCatalog(sqlDir)) {
      if (!/^sql\/(kafka_)?steam_top_games(_\w+_mv|_mv)?\.sql$/.test(file)) continue;
      if (file === "sql/steam_top_games.sql") continue;
      const statement = renderSql(sql, values, file)
        .replace(/kafka_steam_top_games/g, "again")
        .replace(/VIEW steam_top_games/, "VIEW again");
      await run(client, statement.replace(/;\s*$/, ""));
      if (file.startsWith("sql/kafka_")) await pauseConsumption(client, "again");
    }
    await startConsumption(client, "again");
  });
}

function valuesOf(stand: Stand) {
  return {
    brokers: stand.brokers,
    topGamesTopic: topics.topGames,
    detailsTopic: topics.details,
    topGamesGroup: groups.topGames,
    detailsGroup: groups.details,
    instanceId: "stand",
    flushIntervalMs: 200,
    ttlDays: 90,
    ...formatPlaceholders("JSONEachRow"),
  };
}

/** Rows of a query on the stand. */
export function ask<T>(stand: Stand, query: string): Promise<T[]> {
  return withClient(stand.connection, (client) => rows<T>(client, query));
}

/** Waits until `query`, which gives one number, gives `expected`. @throws Error with what it gives instead. */
export async function reaches(stand: Stand, query: string, expected: number): Promise<void> {
  for (const since = Date.now(); ;) {
    const [row] = await ask<Record<string, unknown>>(stand, query);
    const found = Number(Object.values(row ?? {})[0]);
    if (found === expected) return;
    if (Date.now() - since > DEADLINE_MS)
      throw new Error(`${query} gives ${found}, not ${expected}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

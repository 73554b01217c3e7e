import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run, withClient } from "../../infra/clickhouse/client";
import { startStand, type Stand } from "./stand";
import { ask, makeWarehouse, topics } from "./warehouse";

/** More than a hundred: ClickHouse's own limit of partitions in one block, and the ranking has one a day. */
const DAYS = 150;
/** Of those, what the ranking keeps on a stand. */
const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;
const DEADLINE_MS = 20_000;
let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
  await makeWarehouse(stand, 1);
});
afterAll(() => stand.close());

it("messages of many days that come at once are stored, and counted by the hour", async () => {
  const producer = stand.kafka.producer();
  await producer.connect();
  const now = Date.now();
  const messages = Array.from({ length: DAYS }, (_, day) => ({
    key: "730",
    value: JSON.stringify({
      game_id: 730,
      game_name: "Counter-Strike 2",
      current_players: 10,
      peak_today: 20,
      rank: 1,
      fetch_time: new Date(now - day * DAY_MS).toISOString().slice(0, 19).replace("T", " "),
    }),
  }));
  await producer.send({ topic: topics.topGames, acks: -1, messages });
  await producer.disconnect();
  const errors = "SELECT exceptions.text[-1] AS error FROM system.kafka_consumers";
  const found = "SELECT count() AS n FROM steam_top_games";
  for (const since = Date.now(); ; await sleep(200)) {
    const [rows] = await ask<{ n: string }>(stand, found);
    if (Number(rows?.n) === KEPT_DAYS) break;
    if (Date.now() - since > DEADLINE_MS)
      throw new Error(`${rows?.n} rows are stored: ${JSON.stringify(await ask(stand, errors))}`);
  }
  await withClient(stand.connection, async (client) => {
    await run(client, "SYSTEM REFRESH VIEW steam_hourly_players_mv");
    await run(client, "SYSTEM WAIT VIEW steam_hourly_players_mv");
  });
  const counted = "SELECT uniqExact(toDate(hour)) AS days FROM steam_hourly_players";
  expect(await ask(stand, counted)).toEqual([{ days: KEPT_DAYS }]);
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { withClient } from "../../infra/clickhouse/client";
import { rebuildFromTopic } from "../../infra/offsets/rebuild";
import { readersOf, type StreamReader } from "../../tools/lib/offsets/target";
import { record } from "./bad-messages";
import { startStand, type Stand } from "./stand";
import { ask, groups, makeWarehouse, reaches, topics } from "./warehouse";

let stand: Stand;
let reader: StreamReader;

beforeAll(async () => {
  stand = await startStand();
  await makeWarehouse(stand);
  const stream = {
    topic: topics.topGames,
    group: groups.topGames,
    table: "steam_top_games",
    keyColumn: "game_id",
  };
  const target = { kafka: { brokers: stand.brokers }, streams: [stream] };
  [reader] = readersOf(target) as [StreamReader];
  const producer = stand.kafka.producer();
  await producer.connect();
  const messages = Array.from({ length: 100 }, (_, i) => ({
    partition: i % 3,
    key: "k",
    value: JSON.stringify(record({ game_id: i + 1 })),
  }));
  await producer.send({ topic: topics.topGames, messages });
  await producer.disconnect();
  await reaches(stand, "SELECT count() FROM steam_top_games FINAL", 100);
});
afterAll(() => stand.close());

it("rebuilds a table by its view as it is today, and keeps what Kafka no longer has", async () => {
  await ask(
    stand,
    "INSERT INTO steam_top_games SELECT 1000 + number, 'old', 1, 1, 1, now() FROM numbers(5)",
  );
  const [view] = await ask<{ query: string }>(
    stand,
    "SELECT as_select AS query FROM system.tables WHERE name = 'steam_top_games_mv'",
  );
  const changed = view!.query.replace("game_name,", "'new' AS game_name,");
  await ask(stand, `ALTER TABLE steam_top_games_mv MODIFY QUERY ${changed}`);
  const done = await withClient(stand.connection, (client) =>
    rebuildFromTopic(client, reader, "steam_top_games"),
  );
  expect(done).toEqual({ before: 105, after: 105, kept: 5 });
  expect(
    await ask(
      stand,
      "SELECT game_name, toUInt32(count()) AS n FROM steam_top_games FINAL GROUP BY game_name ORDER BY game_name",
    ),
  ).toEqual([
    { game_name: "new", n: 100 },
    { game_name: "old", n: 5 },
  ]);
  await reaches(stand, "SELECT sum(records) FROM steam_hourly_stats", 105);
  expect(await ask(stand, "SHOW TABLES FROM steamline LIKE 're%'")).toEqual([]);
});

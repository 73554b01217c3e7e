import { afterAll, beforeAll, expect, it } from "vitest";
import { Deployment } from "../../bench/lib/deployment";
import { baseFiles } from "../../bench/evolution/schema";
import { rows, run, withClient } from "../../infra/clickhouse/client";
import { FailingDoor } from "./failing-door";
import { startStand, type Stand } from "./stand";

/** More than two chunks of five million in one partition, and a small one beside it. */
const LARGE = 11_000_000;
const SMALL = 1_000;
const TOPIC = "backfill";
let stand: Stand;
let door: FailingDoor;

beforeAll(async () => {
  stand = await startStand();
  door = await FailingDoor.before(stand.connection);
  await stand.createTopic(TOPIC, 1);
});
afterAll(async () => {
  door.close();
  await stand.close();
});

const ask = <T>(query: string): Promise<T[]> =>
  withClient(stand.connection, (client) => rows(client, query));

it("a rollup of more rows than one chunk takes goes on from the chunk at which it was cut short", async () => {
  const deployment = new Deployment(door.connection);
  const files = baseFiles(stand.brokers, TOPIC);
  await deployment.up(files);
  await withClient(stand.connection, async (client) => {
    const insert = (count: number, day: string) =>
      `INSERT INTO events (id, name, value, t) SELECT number, toString(number % 10), 1, '${day}' FROM numbers(${count})`;
    await run(client, insert(LARGE, "2026-11-01 00:00:00"));
    await run(client, insert(SMALL, "2026-11-02 00:00:00"));
  });
  const next = {
    ...files,
    totals:
      "CREATE TABLE totals (name String, n UInt64, ids UInt64) ENGINE = SummingMergeTree ORDER BY name",
    totals_mv:
      "-- @backfill\nCREATE MATERIALIZED VIEW totals_mv TO totals AS SELECT name, count() AS n, sum(id) AS ids FROM events GROUP BY name",
  };
  let cuts = 0;
  for (let statement = 10; ; statement += 3) {
    door.arm(statement, statement % 2 === 0 ? "before" : "after");
    const failed = await deployment.up(next).then(
      () => false,
      () => true,
    );
    door.disarm();
    if (!failed) break;
    cuts++;
  }
  const sum = (count: number) => (count * (count - 1)) / 2;
  expect(await ask("SELECT sum(n)::UInt32 AS n, sum(ids)::Float64 AS ids FROM totals")).toEqual([
    { n: LARGE + SMALL, ids: sum(LARGE) + sum(SMALL) },
  ]);
  const moved = await ask<{ chunk: string; times: string }>(
    "SELECT detail AS chunk, toString(count()) AS times FROM steamline.changes WHERE object = 'totals_mv' AND step = 'moved' GROUP BY chunk",
  );
  expect(moved.map(({ times }) => times)).toEqual(["1", "1", "1", "1"]);
  expect(cuts).toBeGreaterThan(moved.length);
  expect(await ask("SELECT name FROM system.tables WHERE database = 'steamline' AND name LIKE '%totals_mv'")).toEqual([]); // prettier-ignore
});

import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Deployment } from "../../bench/lib/deployment";
import { chain, edited, swap } from "../../bench/evolution/schema";
import { readCatalog } from "../../infra/clickhouse/catalog";
import { rows, run, withClient, type Connection } from "../../infra/clickhouse/client";
import { renderSql } from "../../infra/clickhouse/render";
import { formatPlaceholders } from "../../infra/message-format";
import { ADMIN, Door } from "./door";

const database = "rows_of_games";
const door = new Door();
const connection = (name: string): Connection => ({
  url: `http://localhost:${door.port}`,
  username: ADMIN.user,
  password: ADMIN.password,
  database: name,
});
const values = {
  brokers: "127.0.0.1:1",
  topGamesTopic: "top",
  detailsTopic: "details",
  topGamesGroup: "top-group",
  detailsGroup: "details-group",
  instanceId: "one",
  flushIntervalMs: 500,
  ttlDays: 90,
  ...formatPlaceholders("JSONEachRow"),
};
const files = Object.fromEntries(
  readCatalog(join(__dirname, "../../sql")).map(({ name, sql, file }) => [
    name,
    renderSql(sql, values, file),
  ]),
);

beforeAll(async () => {
  await door.start();
  await withClient(connection("default"), (client) => run(client, `CREATE DATABASE ${database}`));
});
afterAll(() => door.remove());

it("has objects of sql/ made, changed and rebuilt in another database than default, and nothing in that", async () => {
  const deployment = new Deployment(connection(database));
  await deployment.up(files);
  expect(await deployment.up(files)).toEqual(new Map());
  await withClient(connection(database), (client) =>
    run(client, "INSERT INTO steam_top_games VALUES (1, 'a', 2, 3, 4, now())"),
  );
  const after = (text: string, more: string) => swap(text, `${text}\n    ${more}`);
  const wider = edited(files, {
    kafka_steam_top_games: after("    rank Float64,", "extra Nullable(UInt32),"),
    steam_top_games: chain(
      after("    rank UInt16,", "extra UInt32,"),
      swap("ORDER BY (game_id, fetch_time)", "ORDER BY (fetch_time, game_id)"),
    ),
    steam_top_games_mv: chain(after("    rank,", "ifNull(extra, 0) AS extra,")),
  });
  const labels = await deployment.up(wider);
  expect([...labels.keys()]).toEqual(
    expect.arrayContaining(["kafka_steam_top_games", "steam_top_games", "steam_top_games_mv"]),
  );
  expect(await deployment.up(wider)).toEqual(new Map());
  const kept = await withClient(connection(database), (client) =>
    rows<{ game_name: string; extra: number }>(
      client,
      "SELECT game_name, extra FROM steam_top_games",
    ),
  );
  expect(kept).toEqual([{ game_name: "a", extra: 0 }]);
  const strays = await withClient(connection("default"), (client) =>
    rows(client, "SELECT name FROM system.tables WHERE database = 'default'"),
  );
  expect(strays).toEqual([]);
});

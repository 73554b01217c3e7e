import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCatalog } from "../../infra/clickhouse/catalog";
import { check } from "../../infra/clickhouse/check";
import { renderSql } from "../../infra/clickhouse/render";
import { Scratch } from "../../infra/clickhouse/scratch";
import { clustersIn, forScratch } from "../../infra/clickhouse/scratch-statement";
import { standIns } from "../../infra/clickhouse/validate";

const sqlDir = join(__dirname, "../../sql");
const text = (path: string) =>
  readFileSync(join(sqlDir, `${path}.sql`), "utf8").replace(/;\s*$/, "");
/** Rows of the guide's tables: three games, two polls an hour apart. */
const rowsOf: Record<string, string> = {
  steam_top_games: `(730, 'Counter-Strike 2', 500000, 900000, 1, '2024-02-24 10:34:56'),
    (570, 'Dota 2', 300000, 600000, 2, '2024-02-24 10:34:56'),
    (730, 'Counter-Strike 2', 600000, 900000, 1, '2024-02-24 11:34:56'),
    (570, 'Dota 2', 400000, 600000, 2, '2024-02-24 11:34:56')`,
  steam_game_details: `(730, 'Counter-Strike 2', ['Action', 'Free To Play'], 0, 0, 0, '', 8, '2024-02-24 10:00:00'),
    (292030, 'The Witcher 3', ['RPG'], 39.99, 7.99, 80, 'USD', 9, '2024-02-24 10:00:00')`,
};

describe("the guide's statements", () => {
  let scratch: Scratch;
  beforeAll(() => {
    scratch = new Scratch([text("examples/steam_top_games_distributed")]);
    const catalog = readCatalog(sqlDir);
    const values = { ...standIns(catalog), ttlDays: 10_000 };
    const made = scratch.make(
      catalog.map((file) => ({ ...file, statement: renderSql(file.sql, values, file.file) })),
    );
    expect([...made.values()].filter((one) => "error" in one)).toEqual([]);
    scratch.run(text("examples/steam_hourly_stats_inner"));
    for (const [table, rows] of Object.entries(rowsOf)) {
      scratch.run(`INSERT INTO ${table} VALUES ${rows}`);
    }
  });
  afterAll(() => scratch.close());
  const run = (name: string) => scratch.rows<Record<string, unknown>>(text(`examples/${name}`));

  it("take times apart", () => {
    expect(run("time_functions")).toEqual([
      {
        clock_runs: 1,
        day: 20240224,
        hour: "2024-02-24 10:00:00",
        midnight: "2024-02-24 00:00:00",
        day_before: "2024-02-23 10:34:56",
        six_hours_before: "2024-02-24 04:34:56",
      },
    ]);
  });

  it("aggregate", () => {
    expect(run("aggregate_functions")).toEqual([
      {
        average: 450000,
        total: 1800000,
        most: 600000,
        least: 300000,
        records: 4,
        most_played: "Counter-Strike 2",
        games: 2,
      },
    ]);
  });

  it("work on arrays", () => {
    expect(run("array_functions")).toEqual([
      { game_name: "Counter-Strike 2", is_action: 1, genre_count: 2 },
    ]);
    expect(run("array_join").map(({ genre }) => genre)).toEqual(["Action", "RPG", "Strategy"]);
  });

  it("search by name with idx_game_name", () => {
    expect(run("skipping_index").map(({ current_players }) => current_players)).toEqual([
      500000, 600000,
    ]);
    const plan = scratch.rows<{ explain: string }>(
      `EXPLAIN indexes = 1 ${text("examples/skipping_index")}`,
    );
    expect(plan.map(({ explain }) => explain).join("\n")).toContain("idx_game_name");
  });

  it("sum by hour, in the guide's form and in the project's", () => {
    const sums = (table: string) =>
      scratch.rows(
        `SELECT hour, game_id, sum(total_players) AS players, sum(records) AS n FROM ${table} GROUP BY ALL ORDER BY ALL`,
      );
    expect(sums("steam_hourly_stats_inner")).toEqual(sums("steam_hourly_stats"));
    expect(sums("steam_hourly_stats")).toHaveLength(4);
  });

  it("spread over a cluster of one shard", () => {
    scratch.run(text("examples/steam_top_games_distributed"));
    expect(scratch.rows("SELECT count() AS n FROM steam_top_games_distributed")).toEqual([
      { n: 4 },
    ]);
    expect(clustersIn([text("examples/steam_top_games_distributed")])).toEqual(["cluster_name"]);
  });

  it("replicate, which one engine runs as the plain table of a replica", () => {
    const statement = text("examples/steam_top_games_replica");
    expect(forScratch(statement)).toMatch(/ENGINE = MergeTree\(\)/);
    scratch.run(forScratch(statement));
  });

  it("are all tried here", () => {
    expect(readdirSync(join(sqlDir, "examples")).length).toBe(8);
  });
});

describe("check", () => {
  it("runs them all, and finds no fault", async () => {
    expect(await check()).toEqual([]);
  });
});

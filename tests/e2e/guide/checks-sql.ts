import { expect } from "vitest";
import type { Check, Checks } from "./check";
import { allMatch, cells, contains, NO_DIRECT_SELECT } from "./check-parts";
import { answers, ask, linesOf } from "./live";
import type { Output } from "./run";

/** What a CREATE has made, by the engine's own word. */
const made = (database: string, table: string, engine: string): Check => ({
  expect: () =>
    answers(
      `SELECT engine FROM system.tables WHERE database = '${database}' AND name = '${table}'`,
      new RegExp(`^${engine}$`),
    ),
});
/** A time, this many hours ago. */
const hoursAgo =
  (hours: number) =>
  ({ stdout }: Output) => {
    const ago = Date.now() - Date.parse(`${stdout.trim().replace(" ", "T")}Z`);
    expect(Math.round(ago / 60_000)).toBe(hours * 60);
  };

/** Statements typed into the client. */
export const sqlChecks: Checks = {
  "technology.2": contains(/^\d+\.\d+\.\d+\.\d+$/m),
  "mergetree.1": made("guide", "steam_top_games", "MergeTree"),
  "mergetree-option.1": contains("toYYYYMMDD\\(fetch_time\\)\t"),
  "mergetree-option.2": contains("\tgame_id, fetch_time\t"),
  "mergetree-option.3": contains("\tgame_id\t"),
  "mergetree-option.4": contains("TTL fetch_time \\+ toIntervalDay\\(90\\)"),
  "kafka-engine.1": made("guide", "kafka_steam_top_games", "Kafka"),
  "view.1": {
    // What the Python producers sent with each of the codecs.
    expect: () =>
      answers(
        "SELECT game_name FROM guide.steam_top_games WHERE game_name LIKE 'sent with %' ORDER BY game_id",
        /^sent with None\nsent with gzip\nsent with snappy\nsent with lz4$/,
      ),
  },
  "type.1": contains(
    "rank: +65535",
    "rank8: +255",
    "rank32: +4294967295",
    "rank64: +18446744073709551615",
  ),
  "type.2": contains("temperature: +-32768", "temperature64: +-9223372036854775808"),
  "type.3": contains("price: +1.5", "price64: +2.5"),
  "type.4": contains("game_name: +Dota 2"),
  "type.5": contains("fetch_time: +2024-02-24 10:00:00"),
  "type.6": contains("date: +2024-02-24"),
  "type.7": contains("genres: +\\['Action','Strategy'\\]"),
  "type.8": contains("email: +(ᴺᵁᴸᴸ|NULL)"),
  "time.1": { expect: hoursAgo(0) },
  "time.2": { expect: allMatch(/^20\d{6}$/) },
  "time.3": { expect: allMatch(/^\d{4}-\d\d-\d\d \d\d:00:00$/) },
  "time.4": { expect: allMatch(/^\d{4}-\d\d-\d\d 00:00:00$/) },
  "time.5": { expect: hoursAgo(24) },
  "time.6": { expect: hoursAgo(6) },
  "aggregate.1": {
    expect: ({ stdout }) => {
      const [avg = 0, sum = 0, max = 0, min = 0, count = 0] = cells(stdout).map(Number);
      expect(count).toBeGreaterThanOrEqual(100);
      expect(avg).toBeCloseTo(sum / count, 3);
      expect(max).toBeGreaterThan(avg);
      expect(min).toBeLessThan(avg);
    },
  },
  "aggregate.2": {
    expect: async ({ stdout }) =>
      expect(stdout.trim()).toBe(
        await ask("SELECT game_name FROM steam_top_games ORDER BY current_players DESC LIMIT 1"),
      ),
  },
  "aggregate.3": { expect: ({ stdout }) => expect(Number(stdout)).toBeGreaterThanOrEqual(100) },
  "array.1": {
    expect: ({ stdout }) => expect(linesOf(stdout)).toEqual(["Action", "RPG", "Strategy"]),
  },
  "array.2": { patient: true, expect: allMatch(/'Action'/) },
  "array.3": { patient: true, expect: allMatch(/^\d+$/) },
  "replica.1": {
    refused: /Code: 62\b/,
    // With its columns filled in it lacks the macro; with that, a Keeper.
    expect: async () => {
      const create = (replica: string) =>
        ask(
          `CREATE TABLE guide.replicated (game_id UInt32) ENGINE = ReplicatedMergeTree('/guide', '${replica}') ORDER BY game_id`,
        );
      await expect(create("{replica}")).rejects.toThrow(/Code: 139\b/);
      await expect(create("one")).rejects.toThrow(/Code: 225\b/);
    },
  },
  "pipeline.1": made("guide_pipeline", "kafka_steam_top_games", "Kafka"),
  "pipeline.2": made("guide_pipeline", "steam_top_games", "MergeTree"),
  "pipeline.3": {
    expect: () => answers("SELECT uniq(game_id) >= 100 FROM guide_pipeline.steam_top_games", /^1$/),
  },
  "pipeline.4": {
    refused: NO_DIRECT_SELECT,
    expect: ({ stdout }) => {
      expect(linesOf(stdout)).toHaveLength(10);
      for (const line of linesOf(stdout)) expect(line).toMatch(/^\d+\t.+/);
    },
  },
  "pipeline.5": {
    expect: ({ stdout }) => {
      const times = linesOf(stdout).map((line) => cells(line)[5] ?? "");
      expect(times).toHaveLength(10);
      expect(times).toEqual([...times].sort().reverse());
    },
  },
  "pipeline.6": { expect: ({ stdout }) => expect(Number(stdout)).toBeGreaterThanOrEqual(100) },
  "distributed.1": {
    expect: async () =>
      expect(Number(await ask("SELECT count() FROM guide.steam_top_games_distributed"))).toBe(
        Number(await ask("SELECT count() FROM steam_top_games")),
      ),
  },
  "hourly.1": {
    expect: async () => {
      const row = "4294967004, 'hourly', 25, 25, 1, now()";
      await ask(`INSERT INTO guide.steam_top_games VALUES (${row}), (${row})`);
      await answers(
        "SELECT sum(total_players), sum(records) FROM guide.steam_hourly_stats WHERE game_id = 4294967004",
        /^50\t2$/,
      );
    },
  },
  "index.1": {
    expect: () =>
      answers(
        "SELECT type, granularity FROM system.data_skipping_indices WHERE database = 'default' AND table = 'steam_top_games' AND name = 'idx_game_name'",
        /^bloom_filter\t4$/,
      ),
  },
  "index.2": {
    expect: async (output) => {
      allMatch(/^730\tCounter-Strike 2\t/)(output);
      expect(
        await ask(
          "EXPLAIN indexes = 1 SELECT * FROM steam_top_games WHERE game_name = 'Counter-Strike 2'",
        ),
      ).toMatch(/Name: idx_game_name/);
    },
  },
  ...Object.fromEntries(
    ["JSONEachRow", "CSV", "TSV", "Avro", "Protobuf"].map((format, i) => [
      `format.${i + 1}`,
      { expect: () => answers(`SELECT format, value FROM guide.from_${format}`, `${format}\t42`) },
    ]),
  ),
  "query.1": {
    expect: ({ stdout }) =>
      expect(linesOf(stdout).map((line) => cells(line)[0])).toEqual(
        Array.from({ length: 20 }, (_, i) => String(i + 1)),
      ),
  },
  "query.2": { expect: allMatch(/^\d{4}-\d\d-\d\d \d\d:00:00\t[\d.]+\t\d+$/) },
  "query.3": { expect: allMatch(/^\d{4}-\d\d-\d\d \d\d:00:00\t\d+\t\d+$/) },
  "query.4": { patient: true, expect: allMatch(/^[^\t]+\t\d+\t[\d.]+\t\d+\t\d$/) },
  "exercise.1": {
    patient: true,
    expect: ({ stdout }) => {
      const [rows = 0, games = 0, priced = 0] = cells(stdout).map(Number);
      expect(rows).toBeGreaterThan(0);
      expect(games).toBeGreaterThan(0);
      expect(priced).toBeGreaterThan(0);
    },
  },
};

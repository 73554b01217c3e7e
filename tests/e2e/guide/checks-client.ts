import { expect } from "vitest";
import { allMatch, cells, contains, NO_DIRECT_SELECT } from "./check-parts";
import type { Checks } from "./check";
import { answers, ask, linesOf } from "./live";
import type { Output } from "./run";

/** A table in a frame, as FORMAT Pretty draws it. */
const boxed = ({ stdout }: Output, ...columns: string[]) => {
  expect(stdout).toMatch(/^ *┏━/m);
  for (const column of columns) expect(stdout).toMatch(new RegExp(`┃ +.*${column}`));
};

/** Commands that call `clickhouse-client`. */
export const clientChecks: Checks = {
  "clickhouse.1": {
    typed: "SELECT 40 + 2;\nexit\n",
    expect: ({ stdout, code }) => {
      expect(stdout).toMatch(/\b42\b/);
      expect(code).toBe(0);
    },
  },
  "clickhouse.2": contains(
    /^kafka_steam_top_games$/m,
    /^steam_top_games$/m,
    /^steam_top_games_mv$/m,
  ),
  "clickhouse.3": contains(/^default$/m, /^system$/m, /^steam_game_details$/m),
  "clickhouse.4": {
    expect: ({ stdout }) =>
      expect(linesOf(stdout).map((line) => cells(line).slice(0, 2).join(" "))).toEqual([
        ...["game_id UInt32", "game_name String", "current_players UInt32"],
        ...["peak_today UInt32", "rank UInt16", "fetch_time DateTime"],
      ]),
  },
  "clickhouse.5": contains(
    "CREATE TABLE default.steam_top_games",
    "PARTITION BY toYYYYMMDD",
    "toIntervalDay",
  ),
  "clickhouse.6": contains(/^steam_top_games\t[\d.]+ \w?i?B\t\d+$/m),
  "clickhouse.7": {
    expect: async ({ code }) => {
      expect(code).toBe(0);
      expect(await ask("EXISTS TABLE steam_top_games")).toBe("0");
    },
  },
  "clickhouse.8": { expect: allMatch(/^20\d{6}\t\d+\t[\d.]+ \w?i?B$/) },
  "clickhouse.9": {
    expect: ({ code, stderr }) => {
      expect(code, stderr).toBe(0);
      return answers(
        "SELECT countIf(partition = '20240224'), count() > 0 FROM system.parts WHERE database = 'default' AND table = 'steam_top_games' AND active",
        /^0\t1$/,
      );
    },
  },
  "clickhouse.10": contains(
    /^default\tkafka_steam_top_games\t/m,
    /^default\tkafka_steam_game_details\t/m,
  ),
  "clickhouse.11": {
    expect: (output) => {
      allMatch(/Kafka/)(output);
      expect(linesOf(output.stdout).length).toBeLessThanOrEqual(20);
    },
  },
  "clickhouse.12": { refused: NO_DIRECT_SELECT },
  "debug.2": {
    refused: NO_DIRECT_SELECT,
    ...contains("kafka_steam_top_games", "num_messages_read: +\\d"),
  },
  "debug.3": { expect: ({ stdout }) => expect(Number(stdout)).toBeGreaterThanOrEqual(100) },
  "debug.4": { expect: (output) => boxed(output, "game_name", "fetch_time") },
  "debug.5": contains("ReadFromMergeTree"),
  "debug.6": { patient: true, expect: (output) => boxed(output, "query_duration_ms", "read_rows") },
};

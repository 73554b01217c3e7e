import type { Session } from "chdb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStandIn, type StandIn } from "./stand-in";

let standIn: StandIn;
let session: Session;

beforeAll(() => {
  standIn = openStandIn();
  session = standIn.session;
});
afterAll(() => standIn.close());

const ask = (query: string) => standIn.ask(query);
/** The same hour for all rows, also where one begins meanwhile. */
const hour = Math.floor(Date.now() / 3_600_000 - 1) * 3600;

/** Delivers messages of the ranking: one row for each offset, an hour ago. */
function deliver(partition: number, from: number, count: number, more = ""): void {
  session.query(
    `INSERT INTO kafka_steam_top_games (_topic, _partition, _offset, game_id, game_name, current_players, peak_today, rank, fetch_time, _error)
     SELECT 'top', ${partition}, ${from} + number, 1 + ${partition} * 1000000000 + ${from} + number, 'a', 5, 9, 1, ${hour}, '${more}' FROM numbers(${count})`,
  );
}

const entered = (columns: string) =>
  ask(
    `SELECT partition, fate, ${columns} FROM steam_ledger WHERE topic = 'top' GROUP BY partition, fate ORDER BY partition, fate`,
  );
const MESSAGES = "bitmapCardinality(groupBitmapMergeState(offsets))";
const AGAIN = "arraySort(bitmapToArray(groupBitmapMergeState(again)))";

describe("the ledger of offsets", () => {
  it("is exact over gaps, and over blocks that come in any order", () => {
    deliver(0, 0, 10);
    deliver(0, 20, 5);
    deliver(0, 12, 3);
    expect(
      ask(
        "SELECT arraySort(bitmapToArray(groupBitmapMergeState(offsets))) FROM steam_ledger WHERE partition = 0",
      ),
    ).toBe("[0,1,2,3,4,5,6,7,8,9,12,13,14,20,21,22,23,24]");
  });

  it("neither grows nor lies when blocks are delivered again, and names what was", () => {
    deliver(1, 0, 1000);
    const before = entered(MESSAGES);
    deliver(1, 990, 5);
    deliver(1, 990, 5, "refused this time");
    deliver(1, 990, 5);
    expect(
      ask("SELECT count() FROM steam_ledger WHERE partition = 1 AND fate = 'stored'"),
    ).not.toBe("1");
    session.query("OPTIMIZE TABLE steam_ledger FINAL");
    expect(ask("SELECT count() FROM steam_ledger WHERE partition = 1 AND fate = 'stored'")).toBe(
      "1",
    );
    expect(entered(MESSAGES)).toBe(`${before}\n1\trefused\t5`);
    expect(entered(AGAIN).split("\n")[1]).toBe("1\tstored\t[990,991,992,993,994]");
  });

  it("keeps two million offsets in a few hundred bytes", () => {
    deliver(2, 0, 2_000_000);
    session.query("OPTIMIZE TABLE steam_ledger FINAL");
    const bytes = ask(
      "SELECT sum(column_data_uncompressed_bytes) FROM system.parts_columns WHERE table = 'steam_ledger' AND active",
    );
    expect(Number(bytes)).toBeLessThan(2_000);
    expect(entered(MESSAGES)).toContain("2\tstored\t2000000");
  });
});

describe("a row that is delivered again", () => {
  const table = "SELECT count() FROM steam_top_games";
  const delivered = () => deliver(3, 0, 100);

  it("is one row to a reader, and one key", () => {
    delivered();
    // Another block with the same rows, as after a rebalance: not recognised as the same by the engine.
    deliver(3, 50, 100);
    const mine = "game_id >= 3000000000";
    expect(ask(`${table} WHERE ${mine} SETTINGS final = 1`)).toBe("150");
    expect(Number(ask(`${table} WHERE ${mine} SETTINGS final = 0`))).toBe(200);
    expect(
      ask(
        "SELECT sum(n) FROM (SELECT bitmapCardinality(groupBitmapMergeState(times)) AS n FROM steam_ledger_keys WHERE key >= 3000000000 GROUP BY table, day, key)",
      ),
    ).toBe("150");
  });

  it("is counted once in the rollup that panels read, where the guide's adds it up", () => {
    session.query("SYSTEM REFRESH VIEW steam_hourly_players_mv");
    session.query("SYSTEM WAIT VIEW steam_hourly_players_mv");
    deliver(3, 50, 100);
    session.query("SYSTEM REFRESH VIEW steam_hourly_players_mv");
    session.query("SYSTEM WAIT VIEW steam_hourly_players_mv");
    const sums = (name: string) =>
      ask(
        `SELECT sum(total_players), sum(records) FROM ${name} WHERE game_id >= 3000000000 SETTINGS final = 1`,
      );
    expect(sums("steam_hourly_players")).toBe("750\t150");
    expect(Number(sums("steam_hourly_stats").split("\t")[1])).toBeGreaterThan(150);
  });

  it("is one dead letter", () => {
    deliver(4, 0, 2, "no good");
    deliver(4, 0, 3, "no good");
    expect(
      ask("SELECT count() FROM steam_dead_letters WHERE partition = 4 SETTINGS final = 1"),
    ).toBe("3");
  });
});

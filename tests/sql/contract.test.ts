import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseTable } from "../../infra/clickhouse/definition";
import { openStandIn, sqlDir, type StandIn } from "./stand-in";

let standIn: StandIn;
beforeAll(() => {
  standIn = openStandIn();
});
afterAll(() => standIn.close());

const good: Record<string, Record<string, string>> = {
  steam_top_games: {
    ...{ game_id: "730", game_name: "'CS'", current_players: "1", peak_today: "1", rank: "1" },
    fetch_time: "now() - 60",
  },
  steam_game_details: {
    ...{ game_id: "730", game_name: "'CS'", genres: "[]", original_price: "0", final_price: "0" },
    ...{ discount_percent: "0", currency: "''", review_score: "0", fetch_time: "now() - 60" },
  },
};

/** The columns that a message may lack and that then have to be missed: a list may be missing. */
const missed = (table: string) =>
  parseTable(readFileSync(join(sqlDir, `kafka_${table}.sql`), "utf8").replace(/^--.*\n/gm, ""))
    .columns.filter(({ type }) => !type.startsWith("Array("))
    .map(({ name }) => name);

/** Delivers a row with these columns only, the others as the engine reads what is not there. */
function deliver(table: string, row: Record<string, string>): void {
  const names = Object.keys(row).join(", ");
  standIn.session.query(
    `INSERT INTO kafka_${table} (_topic, _partition, _offset, ${names}) SELECT '${table}', 0, 0, ${Object.values(row).join(", ")}`,
  );
}

describe.each(Object.keys(good))("what kafka_%s reads", (table) => {
  const stored = () => standIn.ask(`SELECT count() FROM ${table}`);
  const letters = () =>
    standIn.ask(`SELECT error FROM steam_dead_letters WHERE topic = '${table}' ORDER BY ALL`);

  it("is stored with the least that the contract allows", () => {
    deliver(table, good[table]!);
    expect(stored()).toBe("1");
    expect(letters()).toBe("");
  });

  it.each(missed(table))("is refused without %s, and the reason names it", (column) => {
    deliver(
      table,
      Object.fromEntries(Object.entries(good[table]!).filter(([name]) => name !== column)),
    );
    expect(stored()).toBe("1");
    expect(letters()).toContain(`Contract: ${column} is missing`);
  });
});

describe.each(["steam_top_games", "steam_game_details"])("the views before %s", (table) => {
  const contractOf = (name: string) => {
    const sql = readFileSync(join(sqlDir, `${table}${name}.sql`), "utf8");
    const conditions =
      /(?:length\(_error\) = 0\s+AND|NOT \(|ifNull\()\s+(?:ifNull\(\s+)?([\s\S]*?now\(\) \+ INTERVAL 1 DAY)/;
    return conditions.exec(sql)?.[1]?.replace(/\s+/g, " ");
  };

  it("have one contract", () => {
    const stored = contractOf("_mv");
    expect(stored).toContain("isValidUTF8(game_name)");
    for (const name of ["_dead_letters_mv", "_ledger_mv", "_ledger_keys_mv"])
      expect(contractOf(name), name).toBe(stored);
  });
});

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { Scratch } from "../../tools/check/scratch";

const DEADLINE_MS = 30_000;
const scratch = new Scratch();
afterAll(() => scratch.close());

async function partsOf(table: string, partition: string): Promise<number> {
  const { rows } = await scratch.query(
    `SELECT count() AS n FROM system.parts WHERE active AND table = '${table}' AND partition = '${partition}'`,
  );
  return Number(rows[0]?.["n"]);
}

async function patienceOf(table: string): Promise<unknown> {
  const { rows } = await scratch.query(
    `SELECT extract(create_table_query, 'min_age_to_force_merge_seconds = (\\d+)') AS patience
     FROM system.tables WHERE name = '${table}'`,
  );
  return rows[0]?.["patience"];
}

describe("a day that is over", () => {
  it.each([
    ["steam_top_games", "1, 'a', 2, 3, 4, '2026-01-01 00:00:00'"],
    ["steam_hourly_players", "'2026-01-01 00:00:00', 1, 2, 3, '2026-01-01 00:00:00'"],
  ])(
    "becomes one part of %s, so that nothing need be looked up twice in it",
    async (table, row) => {
      expect(await patienceOf(table)).toBe("3600");
      // That is an hour, for which a test does not wait.
      scratch.execute(`ALTER TABLE ${table} MODIFY SETTING min_age_to_force_merge_seconds = 1`);
      for (let part = 0; part < 3; part++) scratch.execute(`INSERT INTO ${table} VALUES (${row})`);
      for (const since = Date.now(); Date.now() - since < DEADLINE_MS; await sleep(200))
        if ((await partsOf(table, "20260101")) === 1) break;
      expect(await partsOf(table, "20260101")).toBe(1);
    },
  );
});

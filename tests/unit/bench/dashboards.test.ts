import { describe, expect, it } from "vitest";
import { dashboardQueries, guideQueries, measure } from "../../../bench/dashboards/measure";
import { missed, renderReport, type Scale } from "../../../bench/dashboards/report";
import { spread } from "../../../bench/lib/statistics";

const measured = (where: string, day: number, month: number) => ({
  where,
  day: spread([day]),
  month: spread([month]),
});
const scale: Scale = {
  rows: 4_320_000,
  targetMs: 100,
  panels: [measured("Players / Quick (A)", 5, 9), measured("Players / Slow (A)", 20, 140)],
  guide: [measured("Players / 1. The latest ranking (A)", 5, 5)],
};

describe("bench dashboards", () => {
  it("takes every query, and the guide's four among them", () => {
    expect(dashboardQueries().length).toBeGreaterThan(50);
    expect(guideQueries()).toHaveLength(4);
  });

  it("asks each query for both ranges in each round", async () => {
    const asked: string[] = [];
    const engine = {
      query: async (sql: string) => {
        asked.push(sql);
        return { columns: [], rows: [] };
      },
    };
    const query = { where: "X", rawSql: "SELECT $__fromTime", choices: {} };
    const [found] = await measure(engine, [query], 3, new Date("2026-01-31T00:00:00Z"));
    expect(new Set(asked)).toEqual(
      new Set(["SELECT toDateTime(1769731200)", "SELECT toDateTime(1767225600)"]),
    );
    expect(found!.day.count).toBe(3);
  });

  it("names what is late, the slowest first", () => {
    expect(missed(scale).map(({ where }) => where)).toEqual(["Players / Slow (A)"]);
    const machine = { processor: "P", cores: 2, memoryGib: 24, node: "v20" };
    const text = renderReport({ machine, rounds: 1, load: 9.5, scales: [scale] });
    expect(text).toContain("4,320,000 rows: 2 queries, at most 100 ms each: 1 missed");
    expect(text).toContain("load 9.5");
    expect(text.indexOf("Slow")).toBeLessThan(text.indexOf("Quick"));
  });
});

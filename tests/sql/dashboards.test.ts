import { describe, expect, it } from "vitest";
import { allDashboards } from "../../dashboards";
import { check } from "../../tools/check";

interface Json {
  panels: {
    title: string;
    targets: { rawSql: string }[];
    options: { reduceOptions?: { fields?: string } };
    fieldConfig: { overrides: { matcher: { options: string } }[] };
  }[];
}

describe("check", () => {
  it("finds no fault in what is delivered, having run every query", async () => {
    const report = await check();
    expect(report.faults).toEqual([]);
    expect(report.queries).toBeGreaterThan(300);
  });

  it("names the panel of each query that fails or gives what cannot be drawn", async () => {
    const [players, game] = allDashboards();
    const json = JSON.parse(players!.json) as Json;
    const panel = (title: string) => json.panels.find((found) => found.title === title)!;
    const sqlOf = (title: string) => panel(title).targets[0]!;
    sqlOf("Players by genre").rawSql = sqlOf("Players by genre").rawSql.replace(
      "argMax(genres",
      "argMax(gneres",
    );
    sqlOf("All ranked players").rawSql += " DESC";
    sqlOf("Trend of chosen games").rawSql += " $__nope";
    panel("Peaks").fieldConfig.overrides[0]!.matcher.options = "gaem";
    sqlOf("Highest peak").rawSql = "SELECT 'a' AS game, 1 AS players WHERE 0";
    sqlOf("Age of the newest poll").rawSql = "SELECT max(fetch_time) AS age FROM steam_top_games";
    const gameJson = JSON.parse(game!.json) as Json;
    gameJson.panels.find(({ title }) => title === "Place")!.options.reduceOptions!.fields =
      "/^plaec$/";

    const { faults } = await check([
      { ...players!, json: JSON.stringify(json) },
      { ...game!, json: JSON.stringify(gameJson) },
    ]);
    const told = faults.join("\n");
    expect(told).toMatch(/Players \/ Players by genre \(A\), an hour on empty tables: .*gneres/);
    expect(told).toMatch(/Players \/ All ranked players \(A\), a day .*: its time does not rise/);
    expect(told).toMatch(/Players \/ Trend of chosen games \(A\), .*\$__nope is not a macro/);
    expect(told).toMatch(/Players \/ Peaks \(A\), .*names the column gaem/);
    expect(told).toMatch(/Players \/ Highest peak \(A\): has no rows on a week of rows/);
    expect(told).toMatch(
      /Age of the newest poll \(A\), .* on empty tables: age shows a time that never was/,
    );
    expect(told).toMatch(/Game \/ Place \(A\), .*names the column plaec/);
  });
});

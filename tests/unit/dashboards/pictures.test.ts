import { describe, expect, it } from "vitest";
import type { FieldConfig, Panel, Table } from "../../../tools/pictures/model/dashboard";
import { displayName, toFrame, withLooks } from "../../../tools/pictures/model/frames";
import { axisDecimals, dateTime, show } from "../../../tools/pictures/model/text";
import { transform } from "../../../tools/pictures/model/transform";
import { tableWidths } from "../../../tools/pictures/model/widths";
import { pageHtml } from "../../../tools/pictures/page";

const trend: Table = {
  columns: [
    { name: "time", type: "DateTime" },
    { name: "game", type: "String" },
    { name: "players", type: "Float64" },
  ],
  rows: [
    ["2026-01-01 00:00:00", "Rust", 1],
    ["2026-01-01 00:00:00", "Dota 2", 5],
    ["2026-01-01 01:00:00", "Rust", 2],
  ],
};
const hour = Date.UTC(2026, 0, 1, 1);

describe("frames", () => {
  it("turn texts of a time series into labels, and leave gaps where a series has no row", () => {
    const { fields } = toFrame("A", trend, true);
    expect(fields.map(({ name, labels, values }) => ({ name, labels, values }))).toEqual([
      { name: "time", labels: undefined, values: [hour - 3_600_000, hour] },
      { name: "players", labels: { game: "Rust" }, values: [1, 2] },
      { name: "players", labels: { game: "Dota 2" }, values: [5, null] },
    ]);
  });

  it("stay as they are for a table, with times read as UTC and numbers that came as text", () => {
    const frame = toFrame(
      "A",
      {
        ...trend,
        rows: [
          ["2026-01-01 01:00:00", "Rust", "2.5"],
          [null, null, null],
        ],
      },
      false,
    );
    expect(frame.fields.map(({ values }) => values)).toEqual([
      [hour, null],
      ["Rust", null],
      [2.5, null],
    ]);
  });

  it("take looks from the panel's defaults and the overrides of their name", () => {
    const panel = {
      fieldConfig: {
        defaults: { unit: "short", displayName: "${__field.labels.game}" },
        overrides: [
          {
            matcher: { id: "byName", options: "players" },
            properties: [
              { id: "unit", value: "locale" },
              { id: "custom.width", value: 90 },
            ],
          },
        ],
      },
    } as Panel;
    const [, rust] = withLooks([toFrame("A", trend, true)], panel)[0]!.fields;
    expect(rust!.config).toMatchObject({ unit: "locale", custom: { width: 90 } });
    expect(displayName(rust!)).toBe("Rust");
  });
});

describe("transform", () => {
  const ranking: Table = {
    columns: [
      { name: "rank", type: "UInt16" },
      { name: "game", type: "String" },
    ],
    rows: [
      [1, "Dota 2"],
      [2, "Rust"],
      [3, "PEAK"],
    ],
  };

  it("joins a ranking with a trend for each game", () => {
    const [joined, ...rest] = transform(
      [toFrame("A", ranking, false), toFrame("B", trend, true)],
      [
        { id: "timeSeriesTable", options: {} },
        { id: "joinByField", options: { byField: "game", mode: "outerTabular" } },
        { id: "organize", options: { indexByName: { rank: 0, game: 1 } } },
      ],
    );
    expect(rest).toEqual([]);
    expect(joined!.fields.map(({ name }) => name)).toEqual(["rank", "game", "Trend #B"]);
    const [, games, trends] = joined!.fields;
    expect(games!.values).toEqual(["Dota 2", "Rust", "PEAK"]);
    expect(trends!.values).toEqual([
      { times: [hour - 3_600_000, hour], values: [5, null] },
      { times: [hour - 3_600_000, hour], values: [1, 2] },
      null,
    ]);
  });

  it("sorts rows by a field", () => {
    const options = { sort: [{ field: "rank", desc: true }] };
    const [sorted] = transform([toFrame("A", ranking, false)], [{ id: "sortBy", options }]);
    expect(sorted!.fields[1]!.values).toEqual(["PEAK", "Rust", "Dota 2"]);
  });

  it("says which transformation it does not know", () => {
    expect(() => transform([], [{ id: "pivot", options: {} }])).toThrow(/pivot/);
  });
});

describe("a table's columns", () => {
  it("are never narrower than Grafana's, wherever the table stands", () => {
    const column = (width?: number) => ({ config: width ? { custom: { width } } : {} });
    expect(tableWidths([column(40), column(), column(90), column()])).toEqual({
      own: [40, undefined, 90, undefined],
      least: 430,
    });
  });
});

describe("show", () => {
  it.each<[unknown, FieldConfig, string]>([
    [5_040_000, { unit: "short" }, "5.04 Mil"],
    [999, { unit: "short" }, "999"],
    [1_067_493, { unit: "locale" }, "1,067,493"],
    [-4_051, { unit: "locale" }, "-4,051"],
    [0.521, { unit: "percentunit", decimals: 0 }, "52%"],
    [25, { unit: "percent" }, "25%"],
    [45, { unit: "s" }, "45 s"],
    [216, { unit: "s" }, "3.6 mins"],
    [0.0042, { unit: "s" }, "4.2 ms"],
    [0, { unit: "s" }, "0 s"],
    [5_020_000, { unit: "bytes" }, "4.79 MiB"],
    [1.6666, { unit: "rowsps" }, "1.67 rows/s"],
    [0.05, {}, "0.05"],
    [null, { noValue: "none" }, "none"],
    [
      null,
      {
        mappings: [{ type: "special", options: { match: "null+nan", result: { text: "never" } } }],
      },
      "never",
    ],
    [0, { mappings: [{ type: "value", options: { 0: { text: "free" } } }] }, "free"],
    ["Rust", { unit: "locale" }, "Rust"],
  ])("says %s by %j as %s", (value, config, text) => {
    expect(show(value, config).text).toBe(text);
  });

  it("colours by the last step that is reached", () => {
    const thresholds = {
      steps: [
        { value: null, color: "red" },
        { value: 0, color: "text" },
        { value: 1, color: "green" },
      ],
    };
    expect([-1, 0, 5].map((value) => show(value, { thresholds }).color)).toEqual([
      "red",
      "text",
      "green",
    ]);
  });

  it("tells local time", () => {
    expect(dateTime(new Date(2026, 0, 31, 23, 59, 58).getTime())).toBe("2026-01-31 23:59:58");
  });
});

describe("axisDecimals", () => {
  it.each<[number, number, FieldConfig, number | undefined]>([
    [1_067_000, 1_069_000, { unit: "short" }, 4],
    [900_000, 1_100_000, { unit: "short" }, 2],
    [0, 1_000_000, { unit: "short" }, undefined],
    [0.517, 0.519, { unit: "percentunit" }, 2],
    [0, 0, { unit: "short" }, undefined],
    [1, 2, { decimals: 0 }, 0],
  ])("keeps marks from %d to %d by %j apart with %s", (least, most, config, decimals) => {
    expect(axisDecimals(least, most, config)).toBe(decimals);
  });
});

describe("pageHtml", () => {
  it("keeps data from ending its script early", () => {
    const html = pageHtml(
      {
        dashboard: { uid: "x", title: "X", description: "", panels: [] },
        source: "</script><script>alert(1)</script>",
        choices: [],
        ranges: {},
        range: "24h",
      },
      { script: "", style: "" },
    );
    expect(html.match(/<\/script>/g)).toHaveLength(2);
  });
});

import { TableSortByFieldStateBuilder } from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { gameLink, type BoardOptions } from "../board";
import { looks, steps, thresholds, type Look } from "../look";
import {
  barGaugePanel,
  gaugePanel,
  newestOnly,
  namedStatPanel,
  statPanel,
  tablePanel,
  timeSeriesPanel,
} from "../panels";
import { seriesTarget, tableTarget } from "../target";

const NO_POLL = "No poll in this time";

/** Single figures across the top. */
export function overviewPanels({ pollIntervalSeconds }: BoardOptions): Builder<Panel>[] {
  return [
    statPanel({
      id: 1,
      title: "Players in the ranking",
      description: "Players of all ranked games together, in the newest poll of the chosen time.",
      at: [0, 0, 6, 4],
      targets: [seriesTarget("players/total")],
      unit: "short",
      empty: NO_POLL,
      columns: looks("players/total", { players: { name: "Players" } }),
    })
      .decimals(2)
      .interval(`${pollIntervalSeconds}s`)
      .thresholds(thresholds(steps("blue"))),
    gaugePanel({
      id: 2,
      title: "Share of the top ten",
      description:
        "What part of all ranked players the ten biggest games had, in the newest point.",
      at: [6, 0, 4, 4],
      targets: [seriesTarget("players/top_ten_share")],
      unit: "percentunit",
      empty: NO_POLL,
      columns: looks("players/top_ten_share", { share: { name: "Share" } }),
    })
      .reduceOptions(newestOnly())
      .min(0)
      .max(1)
      .decimals(0)
      .thresholds(thresholds(steps("blue", [0.5, "purple"]))),
    namedStatPanel({
      id: 3,
      title: "Highest peak",
      description: "The most players that one game had in the chosen time.",
      at: [10, 0, 6, 4],
      targets: [tableTarget("players/highest")],
      unit: "locale",
      empty: NO_POLL,
    }).thresholds(thresholds(steps("orange"))),
    statPanel({
      id: 4,
      title: "Age of the newest poll",
      description: `How long ago the newest poll was made. One is due every ${pollIntervalSeconds} seconds.`,
      at: [16, 0, 4, 4],
      targets: [tableTarget("pipeline/newest_age")],
      unit: "s",
      empty: "No poll yet",
    }).thresholds(
      thresholds(
        steps("green", [3 * pollIntervalSeconds, "orange"], [10 * pollIntervalSeconds, "red"]),
      ),
    ),
  ];
}

/** The ranking and how it moves. */
export function rankingPanels(): Builder<Panel>[] {
  return [
    rankingTable(),
    timeSeriesPanel({
      id: 8,
      title: "Trend of chosen games",
      description: "Players of the games chosen above: by poll up to two days, by hour beyond.",
      at: [15, 4, 9, 8],
      targets: [seriesTarget("players/trend")],
      unit: "short",
      empty: "None of the chosen games was ranked in this time",
    }).displayName("${__field.labels.game}"),
    timeSeriesPanel({
      id: 9,
      title: "All ranked players",
      description: "Players of all ranked games together: by poll up to two days, by hour beyond.",
      at: [15, 12, 9, 6],
      targets: [seriesTarget("players/total")],
      unit: "short",
      empty: NO_POLL,
      columns: looks("players/total", { players: { name: "Players", color: "blue" } }),
    }),
    timeSeriesPanel({
      id: 13,
      title: "Share of the top ten over time",
      description: "What part of all ranked players the ten biggest games have.",
      at: [15, 18, 9, 6],
      targets: [seriesTarget("players/top_ten_share")],
      unit: "percentunit",
      empty: NO_POLL,
      columns: looks("players/top_ten_share", { share: { name: "Top ten", color: "purple" } }),
    }),
    moversPanel(10, "Risers", "players/risers", "gained", 0, "green"),
    moversPanel(11, "Fallers", "players/fallers", "lost", 8, "red"),
    tablePanel({
      id: 12,
      title: "Peaks",
      description: "When each game had most players in the chosen time, the highest first.",
      at: [16, 24, 8, 10],
      targets: [tableTarget("players/peaks")],
      unit: "locale",
      empty: NO_POLL,
      columns: looks("players/peaks", {
        game: { name: "Game" },
        players: { name: "Players", width: 100 },
        at: { name: "When", unit: "dateTimeAsIso", width: 165 },
      }),
    }),
  ];
}

const change: Look = {
  unit: "locale",
  width: 80,
  align: "right",
  cell: { type: "color-text" },
  steps: steps("red", [0, "text"], [1, "green"]),
  noValue: "–",
};

function rankingTable(): Builder<Panel> {
  return tablePanel({
    id: 7,
    title: "Ranking",
    description:
      "The newest poll of the chosen time, with the change against an hour and a day before, and each game's last day by hour. A click on a name opens that game.",
    at: [0, 4, 15, 20],
    targets: [tableTarget("players/ranking", "A"), seriesTarget("players/day_trend", "B")],
    unit: "locale",
    empty: NO_POLL,
    transformations: [
      { id: "timeSeriesTable", options: { B: { stat: "lastNotNull" } } },
      { id: "joinByField", options: { byField: "game", mode: "outerTabular" } },
      {
        id: "organize",
        options: {
          indexByName: {
            position: 0,
            game: 1,
            players: 2,
            change_hour: 3,
            change_day: 4,
            "Trend #B": 5,
            of_peak: 6,
            peak: 7,
            game_id: 8,
          },
        },
      },
    ],
    columns: [
      ...looks("players/ranking", {
        position: { name: "#", width: 44 },
        game: { name: "Game", link: gameLink },
        players: { name: "Players", width: 90 },
        change_hour: { name: "Hour", ...change },
        change_day: { name: "Day", ...change },
        of_peak: {
          name: "Of today's peak",
          unit: "percentunit",
          decimals: 0,
          min: 0,
          max: 1,
          width: 140,
          cell: { type: "gauge", mode: "basic" },
          steps: steps("blue"),
        },
        peak: { name: "Peak today", hidden: true },
        game_id: { hidden: true },
      }),
      ["Trend #B", { name: "Last day", width: 120, cell: { type: "sparkline" }, color: "blue" }],
    ],
  }).sortBy([new TableSortByFieldStateBuilder().displayName("#").desc(false)]);
}

function moversPanel(
  id: number,
  title: string,
  query: "players/risers" | "players/fallers",
  did: string,
  x: number,
  color: string,
): Builder<Panel> {
  return barGaugePanel({
    id,
    title,
    description: `The games that ${did} most players between the first and the last poll of the chosen time.`,
    at: [x, 24, 8, 10],
    targets: [tableTarget(query)],
    unit: "locale",
    empty: "No two polls in this time to compare",
  })
    .min(0)
    .thresholds(thresholds(steps(color)));
}

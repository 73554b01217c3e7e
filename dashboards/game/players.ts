import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { gameLink, type BoardOptions } from "../board";
import { looks, steps, thresholds } from "../look";
import {
  barChartPanel,
  fieldStatPanel,
  tablePanel,
  timeSeriesPanel,
  type PanelArgs,
} from "../panels";
import { seriesTarget, tableTarget } from "../target";

const NOT_RANKED = "Not ranked in this time";

/** Single figures across the top. */
export function overviewPanels(): Builder<Panel>[] {
  const now = (args: Pick<PanelArgs, "id" | "title" | "description" | "at">, field: string) =>
    fieldStatPanel(
      { ...args, targets: [tableTarget("game/now")], unit: "locale", empty: NOT_RANKED },
      field,
    );
  return [
    now(
      {
        id: 1,
        title: "Game",
        description: "The game that is chosen above.",
        at: [0, 0, 6, 4],
      },
      "game",
    ).thresholds(thresholds(steps("text"))),
    now(
      {
        id: 2,
        title: "Players",
        description: "Players in the newest poll that has the game.",
        at: [6, 0, 4, 4],
      },
      "players",
    ).thresholds(thresholds(steps("blue"))),
    now(
      {
        id: 3,
        title: "Place",
        description:
          "Place in the ranking of the newest poll that has the game; 1 has most players.",
        at: [10, 0, 2, 4],
      },
      "position",
    ).thresholds(thresholds(steps("green", [11, "blue"], [51, "text"]))),
    now(
      {
        id: 4,
        title: "Peak of the day",
        description: "The most players of the day so far, as Steam counts it, in UTC.",
        at: [12, 0, 4, 4],
      },
      "peak",
    ).thresholds(thresholds(steps("orange"))),
    fieldStatPanel(
      {
        id: 5,
        title: "Most in this time",
        description: "The most players in the chosen time.",
        at: [16, 0, 4, 4],
        targets: [tableTarget("game/range")],
        unit: "locale",
        empty: NOT_RANKED,
      },
      "most",
    ).thresholds(thresholds(steps("purple"))),
  ];
}

/** The game over time. */
export function trendPanels({ pollIntervalSeconds }: BoardOptions): Builder<Panel>[] {
  return [
    timeSeriesPanel({
      id: 7,
      title: "Players",
      description:
        "Players by poll up to two days and by hour beyond, with the week before drawn behind for comparison.",
      at: [0, 4, 16, 10],
      targets: [seriesTarget("game/players", "A"), seriesTarget("game/players_week_before", "B")],
      unit: "short",
      empty: NOT_RANKED,
      columns: [
        ...looks("game/players", { players: { name: "Players", color: "blue" } }),
        ...looks("game/players_week_before", {
          week_before: { name: "A week before", color: "semi-dark-orange" },
        }),
      ],
    }).interval(`${pollIntervalSeconds}s`),
    timeSeriesPanel({
      id: 8,
      title: "Place in the ranking",
      description: "1 has most players, so lower is better.",
      at: [16, 4, 8, 10],
      targets: [seriesTarget("game/position")],
      unit: "none",
      empty: NOT_RANKED,
      columns: looks("game/position", { position: { name: "Place", color: "green" } }),
    })
      .decimals(0)
      .axisSoftMin(0),
    barChartPanel(
      {
        id: 9,
        title: "Hours of the day",
        description: "Average players by hour of the day, in UTC, over the chosen time.",
        at: [0, 14, 8, 9],
        targets: [tableTarget("game/hours_of_day")],
        unit: "short",
        empty: NOT_RANKED,
        columns: looks("game/hours_of_day", { players: { name: "Players", color: "blue" } }),
      },
      "hour_of_day",
    ).xTickLabelSpacing(100),
    barChartPanel(
      {
        id: 10,
        title: "Days",
        description:
          "Average players by day, in UTC. The first and the last day may be partly in the chosen time.",
        at: [8, 14, 8, 9],
        targets: [tableTarget("game/days")],
        unit: "short",
        empty: NOT_RANKED,
        columns: looks("game/days", { players: { name: "Players", color: "purple" } }),
      },
      "time",
    ).xTickLabelSpacing(100),
    tablePanel({
      id: 11,
      title: "Neighbours in the ranking",
      description: "The games next to this one in the newest poll that has it.",
      at: [16, 14, 8, 9],
      targets: [tableTarget("game/neighbours")],
      unit: "locale",
      empty: NOT_RANKED,
      columns: looks("game/neighbours", {
        position: { name: "#", width: 50 },
        game: { name: "Game", link: gameLink },
        game_id: { hidden: true },
        players: { name: "Players", width: 110 },
      }),
    }),
  ];
}

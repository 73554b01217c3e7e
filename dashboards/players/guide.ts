import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { looks, reviewWords } from "../look";
import { tablePanel, timeSeriesPanel } from "../panels";
import { tableTarget } from "../target";

/** The guide orders its hours from the newest back; lines are drawn from the oldest on. */
const byHour = [{ id: "sortBy", options: { fields: {}, sort: [{ field: "hour", desc: false }] } }];

/** The guide's four queries, as it writes them. They look at fixed times, whatever time is chosen above. */
export function guidePanels(): Builder<Panel>[] {
  return [
    tablePanel({
      id: 31,
      title: "1. The latest ranking",
      description: "The guide's first query: the twenty biggest games of the newest poll.",
      at: [0, 49, 12, 10],
      targets: [tableTarget("guide/latest_ranking")],
      unit: "locale",
      empty: "No poll yet",
      columns: looks("guide/latest_ranking", {
        rank: { name: "#", width: 50 },
        game_name: { name: "Game" },
        current_players: { name: "Players", width: 110 },
        fetch_time: { name: "Polled", unit: "dateTimeAsIso", width: 170 },
      }),
    }),
    timeSeriesPanel({
      id: 32,
      title: "2. Counter-Strike 2 by hour",
      description:
        "The guide's second query: average and most players of one game in the last 24 hours.",
      at: [12, 49, 12, 10],
      targets: [tableTarget("guide/game_trend")],
      unit: "short",
      empty: "No poll in the last 24 hours",
      transformations: byHour,
      columns: looks("guide/game_trend", {
        avg_players: { name: "Average" },
        max_players: { name: "Most" },
      }),
    }),
    timeSeriesPanel({
      id: 33,
      title: "3. How often figures arrive",
      description: "The guide's third query: rows and games by hour in the last seven days.",
      at: [0, 59, 12, 10],
      targets: [tableTarget("guide/update_frequency")],
      unit: "short",
      empty: "No poll in the last seven days",
      transformations: byHour,
      columns: looks("guide/update_frequency", {
        record_count: { name: "Rows" },
        unique_games: { name: "Games" },
      }),
    }),
    tablePanel({
      id: 34,
      title: "4. Players and prices",
      description:
        "The guide's fourth query: the ranking joined with the store's details. A game has a row for each poll of the last hour.",
      at: [12, 59, 12, 10],
      targets: [tableTarget("guide/players_and_prices")],
      unit: "locale",
      empty: "No poll in the last hour, or the store was not asked yet",
      columns: looks("guide/players_and_prices", {
        game_name: { name: "Game" },
        current_players: { name: "Players", width: 95 },
        original_price: { name: "Full price", unit: "none", decimals: 2, width: 80 },
        discount_percent: { name: "Discount", unit: "percent", width: 80 },
        review_score: { name: "Reviews", width: 160, mappings: [reviewWords] },
      }),
    }),
  ];
}

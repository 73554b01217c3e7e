import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { gameLink } from "../board";
import { looks, reviewWords, steps, thresholds, words } from "../look";
import { barGaugePanel, tablePanel } from "../panels";
import { tableTarget } from "../target";

/** The ranking joined with the store's details. */
export function storePanels(): Builder<Panel>[] {
  return [
    tablePanel({
      id: 21,
      title: "Prices and reviews",
      description:
        "The games of the newest poll beside the newest that the store says of each. A game without a page in the store is not listed.",
      at: [0, 35, 16, 13],
      targets: [tableTarget("players/prices")],
      unit: "locale",
      empty: "The store was not asked yet",
      columns: looks("players/prices", {
        game: { name: "Game", link: gameLink },
        game_id: { hidden: true },
        players: { name: "Players", width: 95 },
        price: {
          name: "Price",
          unit: "none",
          decimals: 2,
          width: 65,
          mappings: [words({ 0: "free" })],
        },
        discount: {
          name: "Discount",
          unit: "percent",
          decimals: 0,
          width: 80,
          cell: { type: "color-text" },
          steps: steps("text", [1, "green"]),
          mappings: [words({ 0: "–" })],
        },
        currency: { name: "Currency", width: 78 },
        reviews: {
          name: "Reviews",
          width: 180,
          cell: { type: "color-text" },
          steps: steps("text", [1, "red"], [5, "orange"], [6, "green"]),
          mappings: [reviewWords],
        },
        genres: { name: "Genres" },
      }),
    }),
    barGaugePanel({
      id: 22,
      title: "Players by genre",
      description: "Players of the newest poll by genre. A game counts for each of its genres.",
      at: [16, 35, 8, 13],
      targets: [tableTarget("players/genres")],
      unit: "short",
      empty: "The store was not asked yet",
    })
      .min(0)
      .thresholds(thresholds(steps("purple"))),
  ];
}

import {
  GraphDrawStyle,
  LineInterpolation,
  VisibilityMode,
} from "@grafana/grafana-foundation-sdk/common";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { looks, reviewWords, steps, thresholds, words } from "../look";
import { fieldStatPanel, timeSeriesPanel, type PanelArgs } from "../panels";
import { seriesTarget, tableTarget } from "../target";

const NOT_LISTED = "The store has no page of it, or was not asked yet";

/** Price, reviews and genres. */
export function storePanels(): Builder<Panel>[] {
  const detail = (
    args: Pick<PanelArgs, "id" | "title" | "description" | "at" | "unit">,
    field: string,
  ) => fieldStatPanel({ ...args, targets: [tableTarget("game/store")], empty: NOT_LISTED }, field);
  return [
    detail(
      {
        id: 21,
        title: "Price",
        description: "What the game costs now, in the currency of the store that was asked.",
        at: [0, 24, 4, 4],
        unit: "none",
      },
      "price",
    )
      .decimals(2)
      .mappings([words({ 0: "free" })])
      .thresholds(thresholds(steps("blue"))),
    detail(
      {
        id: 22,
        title: "Discount",
        description: "How much is taken off the full price now.",
        at: [4, 24, 4, 4],
        unit: "percent",
      },
      "discount",
    )
      .mappings([words({ 0: "none" })])
      .thresholds(thresholds(steps("text", [1, "green"]))),
    detail(
      {
        id: 23,
        title: "Reviews",
        description: "What reviewers say, on the store's own scale.",
        at: [0, 28, 8, 4],
        unit: "none",
      },
      "reviews",
    )
      .mappings([reviewWords])
      .thresholds(thresholds(steps("text", [1, "red"], [5, "orange"], [6, "green"]))),
    detail(
      {
        id: 24,
        title: "Genres",
        description: "The store's genres of the game.",
        at: [0, 32, 8, 4],
        unit: "none",
      },
      "genres",
    ).thresholds(thresholds(steps("text"))),
    timeSeriesPanel({
      id: 25,
      title: "Price over time",
      description: "What the game cost, beside its full price, at each visit to the store.",
      at: [8, 24, 16, 12],
      targets: [seriesTarget("game/prices")],
      unit: "none",
      empty: "The store was not asked in this time, or has no page of it",
      columns: looks("game/prices", {
        price: { name: "Price", color: "green" },
        full_price: { name: "Full price", color: "text" },
      }),
    })
      .decimals(2)
      .drawStyle(GraphDrawStyle.Line)
      .lineInterpolation(LineInterpolation.StepAfter)
      .showPoints(VisibilityMode.Auto)
      .axisSoftMin(0),
  ];
}

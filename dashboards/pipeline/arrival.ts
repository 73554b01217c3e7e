import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { BoardOptions } from "../board";
import { looks, steps, thresholds, words } from "../look";
import { statPanel, timeSeriesPanel } from "../panels";
import { seriesTarget, tableTarget } from "../target";

/** Single figures across the top: is all well? */
export function overviewPanels(options: BoardOptions): Builder<Panel>[] {
  const { pollIntervalSeconds, detailsIntervalSeconds } = options;
  return [
    statPanel({
      id: 1,
      title: "Age of the newest poll",
      description: `How long ago the newest poll in ClickHouse was made. One is due every ${pollIntervalSeconds} seconds. If it grows while nothing waits in Kafka, look at the producer.`,
      at: [0, 0, 4, 4],
      targets: [tableTarget("pipeline/newest_age")],
      unit: "s",
      empty: "No poll yet",
    }).thresholds(
      thresholds(
        steps("green", [3 * pollIntervalSeconds, "orange"], [10 * pollIntervalSeconds, "red"]),
      ),
    ),
    statPanel({
      id: 2,
      title: "Waiting in Kafka",
      description: "Messages of all topics that ClickHouse has not read yet.",
      at: [4, 0, 4, 4],
      targets: [tableTarget("pipeline/lag_total")],
      unit: "locale",
      empty: "Not reported yet",
    }).thresholds(thresholds(steps("green", [1_000, "orange"], [10_000, "red"]))),
    statPanel({
      id: 3,
      title: "Missed polls",
      description: "Polls that are missing between the first and the last of the chosen time.",
      at: [8, 0, 4, 4],
      targets: [tableTarget("pipeline/missed_polls")],
      unit: "locale",
      empty: "No poll in this time",
    })
      .mappings([words({ 0: "none" })])
      .thresholds(thresholds(steps("green", [1, "orange"], [10, "red"]))),
    statPanel({
      id: 4,
      title: "Unreadable messages",
      description:
        "Messages of the chosen time that could not be parsed or break the contract. They are kept, with the reason, below.",
      at: [12, 0, 4, 4],
      targets: [tableTarget("pipeline/bad_messages_total")],
      unit: "locale",
      empty: "none",
    })
      .mappings([words({ 0: "none" })])
      .thresholds(thresholds(steps("green", [1, "red"]))),
    statPanel({
      id: 5,
      title: "Store last asked",
      description: "How long ago the store was last asked about a game.",
      at: [16, 0, 4, 4],
      targets: [tableTarget("pipeline/details_age")],
      unit: "s",
      empty: "Not asked yet",
    }).thresholds(thresholds(steps("green", [2 * detailsIntervalSeconds, "orange"]))),
    statPanel({
      id: 6,
      title: "Room on disk",
      description: "What ClickHouse can still write to its fullest disk.",
      at: [20, 0, 4, 4],
      targets: [tableTarget("pipeline/disk_free")],
      unit: "bytes",
      empty: "Not told by this engine",
    }).thresholds(thresholds(steps("red", [1e9, "orange"], [1e10, "green"]))),
  ];
}

/** What arrives. */
export function arrivalPanels({ pollIntervalSeconds }: BoardOptions): Builder<Panel>[] {
  return [
    timeSeriesPanel({
      id: 7,
      title: "Rows per second",
      description:
        "Rows of each table, by the time of their poll or visit. A gap that is filled late is no gap here.",
      at: [0, 4, 10, 9],
      targets: [seriesTarget("pipeline/rows_per_second")],
      unit: "rowsps",
      empty: "No rows in this time",
    })
      .displayName("${__field.labels.name}")
      .axisSoftMin(0),
    timeSeriesPanel({
      id: 8,
      title: "Polls that arrived",
      description: `Polls that arrived, as a part of those that were due: one every ${pollIntervalSeconds} seconds.`,
      at: [10, 4, 7, 9],
      targets: [seriesTarget("pipeline/polls")],
      unit: "percentunit",
      empty: "No poll in this time",
      columns: looks("pipeline/polls", { arrived: { name: "Arrived", color: "green" } }),
    })
      .min(0)
      .max(1),
    timeSeriesPanel({
      id: 9,
      title: "Games of the smallest poll",
      description:
        "Rows of the smallest poll. Fewer than usual means that a poll came only in part.",
      at: [17, 4, 7, 9],
      targets: [seriesTarget("pipeline/games_per_poll")],
      unit: "none",
      empty: "No poll in this time",
      columns: looks("pipeline/games_per_poll", { fewest: { name: "Games", color: "blue" } }),
    })
      .decimals(0)
      .axisSoftMin(0),
  ];
}

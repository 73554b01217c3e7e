import { GraphDrawStyle } from "@grafana/grafana-foundation-sdk/common";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { looks, steps, thresholds, words } from "../look";
import { barChartPanel, gaugePanel, tablePanel, timeSeriesPanel } from "../panels";
import { seriesTarget, tableTarget } from "../target";

/** Messages that were refused, and what the audit says of all of them. */
export function badMessagePanels(): Builder<Panel>[] {
  return [
    timeSeriesPanel({
      id: 31,
      title: "Unreadable messages",
      description:
        "Messages that could not be parsed or break the contract, by topic and the time they were received.",
      at: [0, 37, 8, 9],
      targets: [seriesTarget("pipeline/bad_messages")],
      unit: "short",
      empty: "No unreadable message in this time",
    })
      .displayName("${__field.labels.topic}")
      .drawStyle(GraphDrawStyle.Bars)
      .fillOpacity(80)
      .axisSoftMin(0)
      .decimals(0),
    tablePanel({
      id: 32,
      title: "Newest unreadable messages",
      description:
        "The newest messages that could not be parsed or break the contract, and why. npm run dead-letters shows them whole and sends them again.",
      at: [8, 37, 16, 9],
      targets: [tableTarget("pipeline/newest_bad_messages")],
      unit: "none",
      empty: "No unreadable message in this time",
      columns: looks("pipeline/newest_bad_messages", {
        received_at: { name: "Received", unit: "dateTimeAsIso", width: 165 },
        topic: { name: "Topic", width: 190 },
        partition: { name: "Partition", width: 80 },
        offset: { name: "Offset", width: 80 },
        error: { name: "Why" },
        message: { name: "Message" },
      }),
    }),
    tablePanel({
      id: 33,
      title: "Audits",
      description:
        "The newest audit of each topic: whether every message of Kafka is stored or accounted for. npm run audit -- --every 60 makes one each minute.",
      at: [0, 46, 24, 7],
      targets: [tableTarget("pipeline/audits")],
      unit: "locale",
      empty: "No audit in this time",
      columns: looks("pipeline/audits", {
        topic: { name: "Topic", width: 210 },
        checked_at: { name: "Audited", unit: "dateTimeAsIso", width: 165 },
        complete: {
          name: "Complete",
          width: 80,
          cell: { type: "color-text" },
          steps: steps("red", [1, "green"]),
          mappings: [words({ 0: "no", 1: "yes" })],
        },
        stored: { name: "Stored", width: 90 },
        refused: { name: "Refused", width: 80 },
        without_row: { name: "Without a row", width: 120 },
        waiting: { name: "Waiting", width: 80 },
        delivered_again: { name: "Again", width: 80 },
        gaps: {
          name: "Gaps",
          width: 70,
          cell: { type: "color-text" },
          steps: steps("text", [1, "red"]),
        },
        found: { name: "Found" },
      }),
    }),
  ];
}

/** Tables, disk and merges. */
export function storagePanels(): Builder<Panel>[] {
  return [
    tablePanel({
      id: 41,
      title: "Tables",
      description:
        "What each table holds, how well it is packed, and in how many parts, all and at most in one partition. Inserts slow down at a thousand there.",
      at: [0, 54, 12, 9],
      targets: [tableTarget("pipeline/tables")],
      unit: "locale",
      empty: "No table holds rows",
      columns: looks("pipeline/tables", {
        table: { name: "Table" },
        rows: { name: "Rows", width: 95 },
        bytes: { name: "On disk", unit: "bytes", width: 85 },
        compression: { name: "Packed", unit: "none", decimals: 1, width: 70 },
        parts: { name: "Parts", width: 60 },
        most_parts: {
          name: "At most",
          width: 75,
          cell: { type: "color-text" },
          steps: steps("text", [100, "orange"], [1_000, "red"]),
        },
      }),
    }),
    gaugePanel({
      id: 42,
      title: "Disk",
      description: "How full each disk of ClickHouse is.",
      at: [12, 54, 4, 9],
      targets: [tableTarget("pipeline/disk")],
      unit: "percentunit",
      empty: "Not told by this engine",
    })
      .min(0)
      .max(1)
      .decimals(0)
      .thresholds(thresholds(steps("green", [0.8, "orange"], [0.9, "red"]))),
    barChartPanel(
      {
        id: 43,
        title: "Rows by day",
        description: "Rows of the ranking by the day of their poll, in UTC.",
        at: [16, 54, 8, 9],
        targets: [tableTarget("pipeline/days")],
        unit: "short",
        empty: "No poll in this time",
        columns: looks("pipeline/days", { rows: { name: "Rows", color: "blue" } }),
      },
      "time",
    ).xTickLabelSpacing(100),
    tablePanel({
      id: 44,
      title: "Merges that run now",
      description: "Merges and mutations that run at this moment. Most of the time there is none.",
      at: [0, 63, 12, 8],
      targets: [tableTarget("pipeline/merges")],
      unit: "locale",
      empty: "None at this moment",
      columns: looks("pipeline/merges", {
        table: { name: "Table" },
        work: { name: "Work", width: 75 },
        progress: { name: "Progress", unit: "percentunit", width: 80 },
        elapsed: { name: "For", unit: "s", width: 80 },
        parts: { name: "Parts", width: 70 },
        rows: { name: "Rows", width: 80 },
        bytes: { name: "Size", unit: "bytes", width: 80 },
      }),
    }),
    tablePanel({
      id: 45,
      title: "Errors of the engine",
      description:
        "Errors by kind that last happened in the chosen time, those of anyone's queries among them.",
      at: [12, 63, 12, 8],
      targets: [tableTarget("pipeline/errors")],
      unit: "locale",
      empty: "No error in this time",
      columns: looks("pipeline/errors", {
        last_error_time: { name: "Last", unit: "dateTimeAsIso", width: 165 },
        name: { name: "Error", width: 200 },
        times: { name: "Times", width: 75 },
        last_message: { name: "Message" },
      }),
    }),
  ];
}

/** What can be known of this engine. */
export function enginePanels(): Builder<Panel>[] {
  return [
    tablePanel({
      id: 51,
      title: "What this engine tells",
      description:
        "Which of its own tables the engine has and the dashboards' account may read. A panel that reads one that is missing shows the error. Logs and queries of others are for the administrator.",
      at: [0, 89, 20, 9],
      targets: [tableTarget("pipeline/offered")],
      unit: "none",
      empty: "The engine answers nothing",
      columns: looks("pipeline/offered", {
        source: { name: "Table of system", width: 200 },
        shows: { name: "Tells of" },
        offered: {
          name: "Readable here",
          width: 130,
          cell: { type: "color-text" },
          steps: steps("text", [1, "green"]),
          mappings: [words({ 0: "no", 1: "yes" })],
        },
      }),
    }),
  ];
}

import { GraphDrawStyle } from "@grafana/grafana-foundation-sdk/common";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { looks, steps, thresholds, words } from "../look";
import { statPanel, tablePanel, timeSeriesPanel } from "../panels";
import { seriesTarget, tableTarget } from "../target";

const SILENT = "The producer told nothing in this time";

/** What the producer says of itself, which comes while Kafka is away too. */
export function producerPanels(): Builder<Panel>[] {
  return [
    timeSeriesPanel({
      id: 61,
      title: "Polls per minute",
      description: "Polls of each source by their outcome, as the producer counts them.",
      at: [0, 72, 8, 8],
      targets: [seriesTarget("pipeline/producer_polls")],
      unit: "none",
      empty: SILENT,
    })
      .displayName("${__field.labels.name}")
      .axisSoftMin(0),
    timeSeriesPanel({
      id: 62,
      title: "Failures of the producer",
      description:
        "Failed polls and deliveries by the kind of error. What could not be delivered waits in the spool.",
      at: [8, 72, 8, 8],
      targets: [seriesTarget("pipeline/producer_errors")],
      unit: "short",
      empty: "No failure in this time",
    })
      .displayName("${__field.labels.kind}")
      .drawStyle(GraphDrawStyle.Bars)
      .fillOpacity(80)
      .axisSoftMin(0)
      .decimals(0),
    timeSeriesPanel({
      id: 63,
      title: "Time to deliver",
      description:
        "From a batch's first record to Kafka's acknowledgement: half of the batches of a minute took at most the lower line, 99 % the upper.",
      at: [16, 72, 8, 8],
      targets: [seriesTarget("pipeline/producer_latency")],
      unit: "s",
      empty: SILENT,
      columns: looks("pipeline/producer_latency", {
        half: { name: "Half", color: "green" },
        nearly_all: { name: "99 %", color: "orange" },
      }),
    }).axisSoftMin(0),
    timeSeriesPanel({
      id: 64,
      title: "Waiting in the spool",
      description:
        "Records that wait on the producer's disk because Kafka does not take them. They are sent in their order once it does.",
      at: [0, 80, 8, 8],
      targets: [seriesTarget("pipeline/producer_spool")],
      unit: "locale",
      empty: SILENT,
      columns: looks("pipeline/producer_spool", { waiting: { name: "Waiting", color: "blue" } }),
    }).axisSoftMin(0),
    statPanel({
      id: 65,
      title: "Dropped from the spool",
      description:
        "Records of the chosen time that were dropped, oldest first, because the spool was full. They are lost: give it more room with spoolMaxMb.",
      at: [8, 80, 4, 8],
      targets: [tableTarget("pipeline/producer_dropped")],
      unit: "locale",
      empty: SILENT,
    })
      .mappings([words({ 0: "none" })])
      .thresholds(thresholds(steps("green", [1, "red"]))),
    tablePanel({
      id: 66,
      title: "Last success",
      description: "When each source was last polled with success, and each topic last reached.",
      at: [12, 80, 12, 8],
      targets: [tableTarget("pipeline/producer_success")],
      unit: "none",
      empty: SILENT,
      columns: looks("pipeline/producer_success", {
        what: { name: "Source or topic" },
        last_success: { name: "Last success", unit: "dateTimeAsIso", width: 165 },
        age: { name: "Ago", unit: "s", width: 110 },
      }),
    }),
  ];
}

import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { looks, nullAs, steps, thresholds, words } from "../look";
import { barGaugePanel, tablePanel } from "../panels";
import { tableTarget } from "../target";

const NO_CONSUMER = "No table reads from Kafka";
const NO_STATISTICS = "The Kafka clients have not reported yet";

/** What waits, who reads, and what went wrong there. */
export function kafkaPanels(): Builder<Panel>[] {
  return [
    barGaugePanel({
      id: 21,
      title: "Waiting by partition",
      description:
        "Messages of each partition that ClickHouse has not read yet, as its Kafka client last reported.",
      at: [0, 14, 10, 8],
      targets: [tableTarget("pipeline/lag")],
      unit: "locale",
      empty: NO_STATISTICS,
    })
      .min(0)
      .thresholds(thresholds(steps("green", [1_000, "orange"], [10_000, "red"]))),
    tablePanel({
      id: 22,
      title: "Sent and stored",
      description:
        "What each topic was ever sent, beside what became of it. Rows that were deleted by age are still counted as sent.",
      at: [10, 14, 14, 8],
      targets: [tableTarget("pipeline/produced_and_stored")],
      unit: "locale",
      empty: NO_STATISTICS,
      columns: looks("pipeline/produced_and_stored", {
        topic: { name: "Topic" },
        sent: { name: "Sent", width: 95 },
        stored: { name: "Stored", width: 95 },
        unreadable: {
          name: "Unreadable",
          width: 110,
          cell: { type: "color-text" },
          steps: steps("text", [1, "red"]),
        },
        waiting: { name: "Waiting", width: 85 },
      }),
    }),
    tablePanel({
      id: 23,
      title: "Consumers",
      description:
        "The consumers of the Kafka tables, and when each last asked, and last confirmed what it read.",
      at: [0, 22, 17, 6],
      targets: [tableTarget("pipeline/consumers")],
      unit: "locale",
      empty: NO_CONSUMER,
      columns: looks("pipeline/consumers", {
        table: { name: "Table" },
        partitions: { name: "Partitions", width: 85 },
        messages: { name: "Read", width: 85 },
        last_poll: {
          name: "Last asked",
          unit: "dateTimeAsIso",
          width: 165,
          mappings: [nullAs("never")],
        },
        last_commit: {
          name: "Last confirmed",
          unit: "dateTimeAsIso",
          width: 165,
          mappings: [nullAs("never")],
        },
        commits: { name: "Confirmations", width: 110 },
        reading: {
          name: "Reading",
          width: 75,
          cell: { type: "color-text" },
          steps: steps("red", [1, "green"]),
          mappings: [words({ 0: "no", 1: "yes" })],
        },
      }),
    }),
    barGaugePanel({
      id: 24,
      title: "Last asked",
      description: "How long ago each Kafka table last asked the broker for messages.",
      at: [17, 22, 7, 6],
      targets: [tableTarget("pipeline/last_poll_age")],
      unit: "s",
      empty: NO_CONSUMER,
    })
      .min(0)
      .thresholds(thresholds(steps("green", [60, "orange"], [300, "red"]))),
    tablePanel({
      id: 25,
      title: "Exceptions while reading",
      description:
        "What went wrong while reading from Kafka, newest first, as far back as each consumer remembers.",
      at: [0, 28, 12, 8],
      targets: [tableTarget("pipeline/exceptions")],
      unit: "none",
      empty: "No exception",
      columns: looks("pipeline/exceptions", {
        time: { name: "When", unit: "dateTimeAsIso", width: 165 },
        table: { name: "Table", width: 200 },
        text: { name: "Exception" },
      }),
    }),
    tablePanel({
      id: 26,
      title: "Brokers",
      description: "The brokers as the Kafka client of each table sees them.",
      at: [12, 28, 12, 8],
      targets: [tableTarget("pipeline/brokers")],
      unit: "none",
      empty: NO_STATISTICS,
      columns: looks("pipeline/brokers", {
        table: { name: "Table", width: 200 },
        address: { name: "Broker", width: 115 },
        state: { name: "State", width: 55 },
        slowest_answer: { name: "Slowest 1 %", unit: "s", width: 100 },
        connects: { name: "Connects", hidden: true },
        errors: { name: "Errors", width: 60 },
        timeouts: { name: "Time-outs", width: 85 },
      }),
    }),
  ];
}

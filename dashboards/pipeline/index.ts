import { ConstantVariableBuilder, type Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { board, sourceNote, uids, type BoardOptions } from "../board";
import { heading, notePanel } from "../panels";
import { arrivalPanels, overviewPanels } from "./arrival";
import { kafkaPanels } from "./kafka";
import { producerPanels } from "./producer";
import { badMessagePanels, enginePanels, storagePanels } from "./storage";

/** How the pipeline does, for who runs it. */
export function pipeline(options: BoardOptions): Dashboard {
  const builder = board(
    uids.pipeline,
    "Pipeline",
    "From the source to the tables: what arrives, what waits, what went wrong, and how much room is left.",
  ).withVariable(
    new ConstantVariableBuilder("poll_seconds")
      .label("Seconds between polls")
      .description("As the stack is configured.")
      .value(String(options.pollIntervalSeconds)),
  );
  for (const panel of [...overviewPanels(options), ...arrivalPanels(options)]) {
    builder.withPanel(panel);
  }
  builder.withRow(heading(20, "Kafka", 13));
  for (const panel of kafkaPanels()) builder.withPanel(panel);
  builder.withRow(heading(30, "Messages that were refused, and the audit", 36));
  for (const panel of badMessagePanels()) builder.withPanel(panel);
  builder.withRow(heading(40, "Storage", 53));
  for (const panel of storagePanels()) builder.withPanel(panel);
  builder.withRow(heading(60, "Producer", 71));
  for (const panel of producerPanels()) builder.withPanel(panel);
  builder.withRow(heading(50, "This engine and its source", 88));
  for (const panel of enginePanels()) builder.withPanel(panel);
  const note = notePanel(
    {
      id: 53,
      title: "Source",
      description: "What the figures come from.",
      at: [20, 89, 4, 9],
    },
    sourceNote(options),
  );
  return builder.withPanel(note).build();
}

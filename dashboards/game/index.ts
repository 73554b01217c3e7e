import { AnnotationQueryBuilder, type Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { board, gameVariable, sourceNote, uids, type BoardOptions } from "../board";
import { heading, notePanel } from "../panels";
import { dataSourceRef, tableTarget } from "../target";
import { overviewPanels, trendPanels } from "./players";
import { storePanels } from "./store";

const CHOSEN = { text: "Counter-Strike 2", value: "730" };

/** One game in depth. */
export function game(options: BoardOptions): Dashboard {
  const builder = board(
    uids.game,
    "Game",
    "One game in depth: its players, its place in the ranking, when it is played, and its price.",
  )
    .withVariable(gameVariable([CHOSEN]).current(CHOSEN))
    .annotation(
      new AnnotationQueryBuilder()
        .name("Sales")
        .datasource(dataSourceRef)
        .enable(true)
        .iconColor("green")
        .target(tableTarget("game/sales", "sales")),
    );
  const note = notePanel(
    {
      id: 6,
      title: "Source",
      description: "What the figures of this dashboard come from.",
      at: [20, 0, 4, 4],
    },
    sourceNote(options),
  );
  for (const panel of [...overviewPanels(), note, ...trendPanels(options)]) {
    builder.withPanel(panel);
  }
  builder.withRow(heading(20, "What the store says", 23));
  for (const panel of storePanels()) builder.withPanel(panel);
  return builder.build();
}

import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { board, gameVariable, sourceNote, uids, type BoardOptions } from "../board";
import { heading, notePanel } from "../panels";
import { guidePanels } from "./guide";
import { overviewPanels, rankingPanels } from "./ranking";
import { storePanels } from "./store";

/** Shown in the trend until someone chooses others. */
const CHOSEN = [
  { text: "Counter-Strike 2", value: "730" },
  { text: "Dota 2", value: "570" },
  { text: "PUBG: BATTLEGROUNDS", value: "578080" },
  { text: "Apex Legends™", value: "1172470" },
];

/** What people play, for anyone. */
export function players(options: BoardOptions): Dashboard {
  const builder = board(
    uids.players,
    "Players",
    "What people play on Steam: the newest ranking, how it moves, and what the store says of the games.",
  ).withVariable(
    gameVariable(CHOSEN)
      .multi(true)
      .current({
        text: CHOSEN.map(({ text }) => text),
        value: CHOSEN.map(({ value }) => value),
      }),
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
  for (const panel of [...overviewPanels(options), note, ...rankingPanels()]) {
    builder.withPanel(panel);
  }
  builder.withRow(heading(20, "What the store says", 34));
  for (const panel of storePanels()) builder.withPanel(panel);
  builder.withRow(heading(30, "The guide's queries", 48));
  for (const panel of guidePanels()) builder.withPanel(panel);
  return builder.build();
}

import type { SourceDefinition } from "./define";
import { steamGameDetails } from "./steam-game-details";
import { steamTopGames } from "./steam-top-games";

/** Every source there is. Which of them run is told by SOURCES; the first of those decides whether the producer is ready. */
export const sources: readonly SourceDefinition[] = [steamTopGames, steamGameDetails];

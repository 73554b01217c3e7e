import { tables } from "./generated/tables";
import type { RecordOf } from "./table";

/** The ranking: one record a game and poll. */
export const topGames = tables.steam_top_games;

/**
 * What the store says of a game. Prices are in units of the currency, 0 where the game has none;
 * review_score is the store's own scale, from 0 (none) to 9 (overwhelmingly positive).
 */
export const gameDetails = tables.steam_game_details;

export type TopGameRecord = RecordOf<typeof topGames>;
export type GameDetailsRecord = RecordOf<typeof gameDetails>;

/** `time` as ClickHouse reads a DateTime: UTC, whole seconds, whatever the machine's time zone. */
export function formatFetchTime(time: Date): string {
  return time.toISOString().slice(0, 19).replace("T", " ");
}

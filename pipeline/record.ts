import type { RecordOf, Table } from "./table";

/** The ranking: one record a game and poll. */
export const topGames = {
  name: "steam_top_games",
  key: "game_id",
  columns: [
    { name: "game_id", type: "UInt32" },
    { name: "game_name", type: "String" },
    { name: "current_players", type: "UInt32" },
    { name: "peak_today", type: "UInt32" },
    { name: "rank", type: "UInt16" },
    { name: "fetch_time", type: "DateTime" },
  ],
} as const satisfies Table;

/**
 * What the store says of a game. Prices are in units of the currency, 0 where the game has none;
 * review_score is the store's own scale, from 0 (none) to 9 (overwhelmingly positive).
 */
export const gameDetails = {
  name: "steam_game_details",
  key: "game_id",
  columns: [
    { name: "game_id", type: "UInt32" },
    { name: "game_name", type: "String" },
    { name: "genres", type: "Array(String)" },
    { name: "original_price", type: "Decimal(10, 2)" },
    { name: "final_price", type: "Decimal(10, 2)" },
    { name: "discount_percent", type: "UInt8" },
    { name: "currency", type: "String" },
    { name: "review_score", type: "UInt8" },
    { name: "fetch_time", type: "DateTime" },
  ],
} as const satisfies Table;

export type TopGameRecord = RecordOf<typeof topGames>;
export type GameDetailsRecord = RecordOf<typeof gameDetails>;

/** `time` as ClickHouse reads a DateTime: UTC, whole seconds, whatever the machine's time zone. */
export function formatFetchTime(time: Date): string {
  return time.toISOString().slice(0, 19).replace("T", " ");
}

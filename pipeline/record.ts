/** A game's line of the ranking, as a row of `steam_top_games`. */
export interface TopGameRecord {
  game_id: number;
  game_name: string;
  current_players: number;
  /** The most players of the day so far, as Steam counts it. */
  peak_today: number;
  rank: number;
  /** UTC, `YYYY-MM-DD HH:MM:SS`, the same in all records of a snapshot. */
  fetch_time: string;
}

/** What the store says of a game, as a row of `steam_game_details`. */
export interface GameDetailsRecord {
  game_id: number;
  game_name: string;
  genres: readonly string[];
  /** In units of the currency. 0 where the game has no price. */
  original_price: number;
  final_price: number;
  discount_percent: number;
  /** As `USD`. Empty where the game has no price. */
  currency: string;
  /** The store's own scale, from 0 (none) to 9 (overwhelmingly positive). */
  review_score: number;
  fetch_time: string;
}

export type GameRecord = TopGameRecord | GameDetailsRecord;

/** `time` as ClickHouse reads a DateTime: UTC, whole seconds, whatever the machine's time zone. */
export function formatFetchTime(time: Date): string {
  return time.toISOString().slice(0, 19).replace("T", " ");
}

/** What a record is sent by: all records of a game share a partition and stay in order. */
export function keyOf(record: GameRecord): string {
  return String(record.game_id);
}

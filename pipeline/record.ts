/** A row of `steam_top_games`, as it is sent. */
export interface TopGameRecord {
  game_id: number;
  game_name: string;
  current_players: number;
  peak_today: number;
  rank: number;
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  fetch_time: string;
}

/** A row of `steam_game_details`, as it is sent. */
export interface GameDetailsRecord {
  game_id: number;
  game_name: string;
  genres: string[];
  /** In units of the currency, before discount. 0 for a free game. */
  original_price: number;
  final_price: number;
  /** 0 to 100. */
  discount_percent: number;
  /** ISO 4217, empty for a free game. */
  currency: string;
  /** The store's scale: 0 (none) to 9 (overwhelmingly positive). */
  review_score: number;
  fetch_time: string;
}

export type PipelineRecord = TopGameRecord | GameDetailsRecord;

/** `at` in ClickHouse's DateTime form, in UTC whatever the host's time zone. */
export function fetchTime(at: Date): string {
  return at.toISOString().slice(0, 19).replace("T", " ");
}

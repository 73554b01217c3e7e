// Written by "npm run generate" from sql/, as the engine understands it. Not edited by hand.

/** The tables that records end in, each with its key and the columns that messages carry. */
export const tables = {
  steam_game_details: {
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
  },
  steam_top_games: {
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
  },
} as const;

import games from "./games.json";

export type Region = "global" | "asia" | "europe" | "cis" | "americas";

/** A game as the simulator knows it: what does not change with time. */
export interface Game {
  /** Its id on Steam. */
  appid: number;
  name: string;
  /** Players on an average day, averaged over the day. */
  players: number;
  /** Where most of its players live. */
  region: Region;
  genres: readonly string[];
  /** Full price in US cents, 0 for a free game. */
  price: number;
  reviews: number;
  /** Positive reviews in percent. */
  positive: number;
  /** Whether the store has a page of it. @default true */
  listed?: boolean;
}

export const catalog: readonly Game[] = (
  games as (Omit<Game, "region"> & { region: string })[]
).map((game) => ({ ...game, region: game.region as Region }));

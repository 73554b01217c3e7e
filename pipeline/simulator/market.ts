import type { Game } from "./catalog";
import { randomOf } from "./random";

const DAY_MS = 86_400_000;
const SLOT_DAYS = 21;
const PERCENTS = [10, 20, 25, 30, 33, 40, 50, 60, 66, 75, 80] as const;
/** First and last day of the store-wide sales, as month * 100 + day. */
const SEASONS = [
  [313, 320],
  [626, 710],
  [1127, 1204],
  [1219, 1231],
  [101, 105],
] as const;
const REVIEWS_AS_OF_MS = Date.UTC(2026, 0, 1);

/** What the store charges for a game at a moment, in US cents. */
export interface Price {
  initial: number;
  final: number;
  discountPercent: number;
}

/** Price of `game` at `timeMs`: two thirds of the games are on sale in a season, a few at other times. */
export function priceAt(game: Game, timeMs: number, seed: number): Price {
  const discountPercent = game.price === 0 ? 0 : discountAt(game, timeMs, seed);
  const final = Math.round((game.price * (100 - discountPercent)) / 100);
  return { initial: game.price, final, discountPercent };
}

function discountAt(game: Game, timeMs: number, seed: number): number {
  const date = new Date(timeMs);
  const day = (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
  const season = SEASONS.findIndex(([first, last]) => day >= first && day <= last);
  if (season >= 0 && randomOf(seed, game.appid, date.getUTCFullYear(), season, 10) < 0.67)
    return percent(randomOf(seed, game.appid, date.getUTCFullYear(), season, 11));

  const offset = randomOf(seed, game.appid, 12) * SLOT_DAYS;
  const slotPosition = timeMs / DAY_MS / SLOT_DAYS + offset / SLOT_DAYS;
  const slot = Math.floor(slotPosition);
  if (randomOf(seed, game.appid, slot, 13) > 0.25) return 0;
  const lengthDays = 4 + randomOf(seed, game.appid, slot, 14) * 10;
  return (slotPosition - slot) * SLOT_DAYS < lengthDays
    ? percent(randomOf(seed, game.appid, slot, 15))
    : 0;
}

function percent(random: number): number {
  return PERCENTS[Math.floor(random * PERCENTS.length)] ?? 0;
}

export interface Reviews {
  /** 0 (too few) to 9 (overwhelmingly positive). */
  score: number;
  positive: number;
  negative: number;
}

/** Reviews of `game` at `timeMs`: they grow by about a tenth a year. */
export function reviewsAt(game: Game, timeMs: number): Reviews {
  const years = (timeMs - REVIEWS_AS_OF_MS) / DAY_MS / 365;
  const total = Math.max(0, Math.floor(game.reviews * (1 + 0.1 * years)));
  const positive = Math.round((total * game.positive) / 100);
  return { score: reviewScore(total, game.positive), positive, negative: total - positive };
}

function reviewScore(total: number, percentPositive: number): number {
  if (total < 10) return 0;
  if (percentPositive >= 95 && total >= 500) return 9;
  if (percentPositive >= 80) return total >= 50 ? 8 : 7;
  if (percentPositive >= 70) return 6;
  if (percentPositive >= 40) return 5;
  if (percentPositive >= 20) return 4;
  if (total >= 500) return 1;
  return total >= 50 ? 2 : 3;
}

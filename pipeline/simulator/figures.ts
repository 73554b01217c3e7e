import { games, type SimulatedGame } from "./games";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const RANKED = 100;
/** The day's peak is looked for at this grain. */
const PEAK_STEP_MS = 5 * 60_000;
/** How far the daily curve swings around its middle, and how much more is played at weekends. */
const DAILY_SWING = 0.32;
const WEEKEND_GAIN = 0.12;
const NOISE = 0.012;
const DISCOUNTS = [0, 0, 0, 0, 0, 0, 10, 20, 25, 33, 50, 60, 75];
/** How long a price stands before it may change. */
const SALE_MS = 3 * DAY_MS;

/** One line of a simulated ranking. */
export interface RankedGame {
  game: SimulatedGame;
  rank: number;
  players: number;
  /** Highest figure since 0:00 UTC. */
  peakToday: number;
}

/** The ranking at a moment. The same seed and moment always give the same figures. */
export function snapshotAt(atMs: number, seed: number): RankedGame[] {
  return games
    .map((game) => ({ game, players: playersAt(game, atMs, seed) }))
    .sort((a, b) => b.players - a.players || a.game.id - b.game.id)
    .slice(0, RANKED)
    .map(({ game, players }, i) => ({
      game,
      players,
      rank: i + 1,
      peakToday: peakUntil(game, atMs, seed),
    }));
}

/** Players of `game` at a moment: a daily and a weekly curve, slow drift over weeks, and a little noise. */
export function playersAt(game: SimulatedGame, atMs: number, seed: number): number {
  const hours = atMs / HOUR_MS;
  const daily = 1 + DAILY_SWING * Math.cos(((hours - game.eveningUtc) / 24) * 2 * Math.PI);
  // 1 January 1970 was a Thursday, so the weekend's middle comes three days and a half later.
  const weekly =
    1 + WEEKEND_GAIN * Math.max(0, Math.cos((atMs / DAY_MS - 3) * ((2 * Math.PI) / 7)));
  const drift = 1 + 0.15 * Math.sin(atMs / (19 * DAY_MS) + 6.28 * chance(seed, game.id, 1));
  const noise = 1 + NOISE * smooth(seed, game.id, atMs / (7 * 60_000));
  return Math.max(0, Math.round(game.base * daily * weekly * drift * noise));
}

/** Percent off the price at a moment; free games have none. */
export function discountAt(game: SimulatedGame, atMs: number, seed: number): number {
  if (game.price === 0) return 0;
  const pick = chance(seed, game.id, 1_000 + Math.floor(atMs / SALE_MS));
  return DISCOUNTS[Math.floor(pick * DISCOUNTS.length)] ?? 0;
}

/** A number from 0 to 1 that depends on nothing but its arguments (a mix of integers as in MurmurHash3). */
export function chance(...parts: number[]): number {
  let hash = 0x9747b28c;
  for (const part of parts) {
    hash = Math.imul(hash ^ (part | 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return (hash >>> 0) / 2 ** 32;
}

/** From -1 to 1, without jumps: chance at whole numbers, a line between. */
function smooth(seed: number, id: number, at: number): number {
  const from = Math.floor(at);
  const a = chance(seed, id, from);
  const b = chance(seed, id, from + 1);
  return (a + (b - a) * (at - from)) * 2 - 1;
}

function peakUntil(game: SimulatedGame, atMs: number, seed: number): number {
  const midnight = Math.floor(atMs / DAY_MS) * DAY_MS;
  let peak = playersAt(game, atMs, seed);
  for (let at = midnight; at < atMs; at += PEAK_STEP_MS)
    peak = Math.max(peak, playersAt(game, at, seed));
  return peak;
}

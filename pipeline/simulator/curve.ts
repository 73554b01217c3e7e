import type { Game, Region } from "./catalog";
import { noiseAt, randomOf } from "./random";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** Local hour at which most people play. */
const PEAK_HOUR = 20.5;

const UTC_OFFSET_HOURS = { asia: 8, europe: 1, cis: 3, americas: -5 } as const;
type Home = keyof typeof UTC_OFFSET_HOURS;

const SHARES: Record<Region, Readonly<Record<Home, number>>> = {
  global: { asia: 0.35, europe: 0.25, cis: 0.1, americas: 0.3 },
  asia: { asia: 0.75, europe: 0.1, cis: 0.03, americas: 0.12 },
  europe: { asia: 0.1, europe: 0.6, cis: 0.1, americas: 0.2 },
  cis: { asia: 0.15, europe: 0.2, cis: 0.55, americas: 0.1 },
  americas: { asia: 0.1, europe: 0.2, cis: 0.03, americas: 0.67 },
};
const HOMES = Object.keys(UTC_OFFSET_HOURS) as Home[];
/** Sunday to Saturday, averaging 1. */
const WEEKDAYS = [1.11, 0.94, 0.93, 0.94, 0.95, 1.01, 1.12] as const;

/** Players of `game` at `timeMs`, as a smooth function of time and seed. */
export function playersAt(game: Game, timeMs: number, seed: number): number {
  let shape = 0;
  for (const home of HOMES) {
    const localMs = timeMs + UTC_OFFSET_HOURS[home] * HOUR_MS;
    shape += SHARES[game.region][home] * dayShape(localMs) * weekShape(localMs);
  }
  return game.players * shape * drift(game, timeMs, seed) * surge(game, timeMs, seed);
}

function dayShape(localMs: number): number {
  const angle = ((localMs / HOUR_MS - PEAK_HOUR) / 24) * 2 * Math.PI;
  return 1 + 0.4 * Math.cos(angle) + 0.1 * Math.cos(2 * angle);
}

/** Goes from one day's factor to the next over the early morning, so that the curve has no step. */
function weekShape(localMs: number): number {
  const shifted = localMs - 4 * HOUR_MS;
  const day = Math.floor(shifted / DAY_MS);
  // 1 January 1970 was a Thursday.
  const factor = (d: number): number => WEEKDAYS[(((d + 4) % 7) + 7) % 7] ?? 1;
  const t = Math.min(1, (shifted - day * DAY_MS) / (4 * HOUR_MS));
  return factor(day - 1) + (factor(day) - factor(day - 1)) * t * t * (3 - 2 * t);
}

function drift(game: Game, timeMs: number, seed: number): number {
  const wave = (periodMs: number, stream: number): number =>
    noiseAt(timeMs / periodMs, seed, game.appid, stream);
  return 1 + 0.15 * wave(18 * DAY_MS, 1) + 0.06 * wave(3 * DAY_MS, 2) + 0.015 * wave(HOUR_MS, 3);
}

/** About one week in fifteen brings an update or a free weekend: players rise by up to 60 % and ebb away. */
function surge(game: Game, timeMs: number, seed: number): number {
  const week = Math.floor(timeMs / WEEK_MS);
  if (randomOf(seed, game.appid, week, 4) > 1 / 15) return 1;
  const height = 0.2 + 0.4 * randomOf(seed, game.appid, week, 5);
  const start = (0.5 + 2.5 * randomOf(seed, game.appid, week, 6)) * DAY_MS;
  const age = timeMs - week * WEEK_MS - start;
  if (age < 0) return 1;
  const rise = Math.min(1, age / (4 * HOUR_MS));
  const left = Math.max(0, 1 - age / (WEEK_MS - start));
  return 1 + height * rise * left * left;
}

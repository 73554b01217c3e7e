import { catalog, type Game } from "./catalog";
import { playersAt } from "./curve";

const DAY_MS = 86_400_000;
const KNOT_MS = 300_000;
const KNOTS = DAY_MS / KNOT_MS;
/** Games in the ranking, as Steam has it. */
export const RANKED_GAMES = 100;
const REMEMBERED_DAYS = 4;

/** One line of the ranking. */
export interface RankedGame {
  game: Game;
  rank: number;
  currentPlayers: number;
  /** The most players since midnight UTC. */
  peakToday: number;
}

/** A day of one game: players every five minutes, and the most up to each of them. */
interface Day {
  players: Float64Array;
  peaks: Float64Array;
}

const days = new Map<string, Day[]>();

/**
 * The ranking at `time`: the hundred games with most players, ordered by them. A pure function: the
 * same seed and time give the same ranking on every machine, past and future times alike.
 */
export function snapshotAt(time: Date, seed: number): RankedGame[] {
  const dayStart = Math.floor(time.getTime() / DAY_MS) * DAY_MS;
  const position = (time.getTime() - dayStart) / KNOT_MS;
  const knot = Math.floor(position);
  const rows = dayOf(dayStart, seed).map((day, index) => {
    const from = day.players[knot] ?? 0;
    const to = day.players[knot + 1] ?? from;
    const currentPlayers = Math.round(from + (to - from) * (position - knot));
    const peakToday = Math.max(Math.round(day.peaks[knot] ?? 0), currentPlayers);
    return { game: catalog[index] as Game, currentPlayers, peakToday };
  });
  rows.sort((a, b) => b.currentPlayers - a.currentPlayers || a.game.appid - b.game.appid);
  return rows.slice(0, RANKED_GAMES).map((row, index) => ({ ...row, rank: index + 1 }));
}

/** Players between two knots lie on a line, so the peak of a day is known exactly and never falls. */
function dayOf(dayStart: number, seed: number): Day[] {
  const key = `${seed}/${dayStart}`;
  const known = days.get(key);
  if (known) return known;
  const made = catalog.map((game) => {
    const players = new Float64Array(KNOTS + 1);
    const peaks = new Float64Array(KNOTS + 1);
    for (let knot = 0; knot <= KNOTS; knot++) {
      const value = playersAt(game, dayStart + knot * KNOT_MS, seed);
      players[knot] = value;
      peaks[knot] = Math.max(value, peaks[knot - 1] ?? 0);
    }
    return { players, peaks };
  });
  const oldest = days.keys().next();
  if (days.size >= REMEMBERED_DAYS && !oldest.done) days.delete(oldest.value);
  days.set(key, made);
  return made;
}

import { formatFetchTime } from "../../pipeline/record";
import { priceAt, reviewsAt } from "../../pipeline/simulator/market";
import { snapshotAt } from "../../pipeline/simulator/snapshot";
import { catalog } from "../../pipeline/simulator/catalog";
import { figureRows } from "./figures";
import type { Scratch } from "./scratch";

const DAY_MS = 86_400_000;
const DETAILS_EVERY_MS = 6 * 3_600_000;
const POLLS_PER_BLOCK = 2_000;

export interface SeedArgs {
  /** The newest poll is at this time, or less than a poll before it. */
  until: Date;
  days: number;
  pollSeconds: number;
  /** The simulator's. */
  seed: number;
}

/** Fills a scratch engine with what the simulator would have sent: polls, store details, and a few bad messages. */
export async function seed(scratch: Scratch, args: SeedArgs): Promise<void> {
  const times = pollTimes(args);
  for (let i = 0; i < times.length; i += POLLS_PER_BLOCK) {
    const rows = times
      .slice(i, i + POLLS_PER_BLOCK)
      .flatMap((time) => rankingRows(time, args.seed));
    await scratch.insert("steam_top_games", rows.join(""));
  }
  const last = args.until.getTime();
  const visits: string[] = [];
  for (let time = last - args.days * DAY_MS; time <= last; time += DETAILS_EVERY_MS) {
    visits.push(...detailsRows(time, args.seed));
  }
  await scratch.insert("steam_game_details", visits.join(""));
  for (const row of deadLetterRows(last)) await scratch.insertJson("steam_dead_letters", row);
  await scratch.insertJson("steam_audits", auditRow(last));
  await scratch.insert("steam_producer_metrics", figureRows(last).join(""));
  scratch.countHours();
}

function pollTimes({ until, days, pollSeconds }: SeedArgs): Date[] {
  const step = pollSeconds * 1000;
  const last = Math.floor(until.getTime() / step) * step;
  const count = Math.floor((days * DAY_MS) / step);
  return Array.from({ length: count }, (_, i) => new Date(last - (count - 1 - i) * step));
}

function rankingRows(time: Date, seedNumber: number): string[] {
  const fetchTime = formatFetchTime(time);
  return snapshotAt(time, seedNumber).map(({ game, rank, currentPlayers, peakToday }) =>
    line(game.appid, game.name, currentPlayers, peakToday, rank, fetchTime),
  );
}

function detailsRows(timeMs: number, seedNumber: number): string[] {
  const listed = catalog.filter((game) => game.listed !== false);
  return listed.map((game, i) => {
    // A tour visits one game after another.
    const visit = timeMs - Math.round((i / listed.length) * DETAILS_EVERY_MS);
    const price = priceAt(game, visit, seedNumber);
    const genres = `[${game.genres.map((genre) => `'${genre}'`).join(",")}]`;
    return line(
      game.appid,
      game.name,
      genres,
      price.initial / 100,
      price.final / 100,
      price.discountPercent,
      game.price === 0 ? "" : "USD",
      reviewsAt(game, visit).score,
      formatFetchTime(new Date(visit)),
    );
  });
}

function deadLetterRows(lastMs: number): Record<string, unknown>[] {
  const messages: [raw: string, error: string, readAs?: string][] = [
    ["hello", "Cannot parse input: expected '{' before: 'hello'"],
    [
      '{"game_id": -1}',
      "Unsigned type must not contain '-' symbol: (while reading the value of key game_id)",
    ],
    [
      '{"game_id": 730, "rank": "first"}',
      "Cannot parse input: expected number: (while reading the value of key rank)",
    ],
    ["", "Contract: rank cannot be 65537", '{"game_id":730,"rank":65537}'],
  ];
  return messages.map(([raw_message, error, read_as = ""], i) => {
    const time = formatFetchTime(new Date(lastMs - (i * 7 + 1) * 3_600_000));
    return {
      topic: "steam_top_games_topic",
      partition: i % 3,
      offset: 1_000 + i,
      key: "730",
      raw_message,
      error,
      message_time: time,
      received_at: time,
      read_as,
    };
  });
}

function auditRow(lastMs: number): Record<string, unknown> {
  return {
    checked_at: formatFetchTime(new Date(lastMs - 30_000)),
    topic: "steam_top_games_topic",
    complete: true,
    stored: 1_008_000,
    refused: 4,
    without_row: 2,
  };
}

function line(...values: (string | number)[]): string {
  return `${values.map((value) => String(value).replace(/[\\\t\n]/g, (c) => `\\${c}`)).join("\t")}\n`;
}

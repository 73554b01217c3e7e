import { catalog } from "./catalog";
import { priceAt, reviewsAt } from "./market";
import { snapshotAt } from "./snapshot";

const games = new Map(catalog.map((game) => [game.appid, game]));
const SCORE_WORDS = [
  "Too few user reviews",
  "Overwhelmingly Negative",
  "Very Negative",
  "Negative",
  "Mostly Negative",
  "Mixed",
  "Mostly Positive",
  "Positive",
  "Very Positive",
  "Overwhelmingly Positive",
];

/** What a path is answered with, as Steam words it. */
export interface Answers {
  whole: unknown;
  /** The same with nothing in it. */
  empty: unknown;
  /** What Steam says where it cannot do what was asked. */
  unsuccessful: unknown;
}

/** Answers to `url` at `time`, or undefined where Steam has no such path. */
export function answersTo(url: URL, time: Date, seed: number): Answers | undefined {
  if (/^\/ISteamChartsService\/GetGamesByConcurrentPlayers\/v1\/?$/.test(url.pathname))
    return ranking(url, time, seed);
  if (url.pathname === "/api/appdetails") return appDetails(url, time, seed);
  const reviewed = /^\/appreviews\/(\d+)$/.exec(url.pathname)?.[1];
  return reviewed === undefined ? undefined : reviews(Number(reviewed), time);
}

function ranking(url: URL, time: Date, seed: number): Answers {
  const withItems = url.searchParams.get("input_json")?.includes("data_request") ?? false;
  const ranks = snapshotAt(time, seed).map(({ game, rank, currentPlayers, peakToday }) => ({
    rank,
    appid: game.appid,
    ...(withItems ? { item: { id: game.appid, success: 1, visible: true, name: game.name } } : {}),
    concurrent_in_game: currentPlayers,
    peak_in_game: peakToday,
  }));
  const lastUpdate = Math.floor(time.getTime() / 1000);
  return {
    whole: { response: { last_update: lastUpdate, ranks } },
    empty: { response: { last_update: lastUpdate, ranks: [] } },
    unsuccessful: { response: {} },
  };
}

function appDetails(url: URL, time: Date, seed: number): Answers {
  const id = url.searchParams.get("appids") ?? "";
  const unsuccessful = { [id]: { success: false } };
  const empty = { [id]: { success: true, data: [] } };
  const game = games.get(Number(id));
  if (!game || game.listed === false) return { whole: unsuccessful, empty, unsuccessful };
  const filters = url.searchParams.get("filters")?.split(",");
  const asked = (filter: string): boolean => filters === undefined || filters.includes(filter);
  const price = priceAt(game, time.getTime(), seed);
  const data = {
    ...(asked("basic")
      ? { type: "game", name: game.name, steam_appid: game.appid, is_free: game.price === 0 }
      : {}),
    ...(asked("price_overview") && game.price > 0
      ? {
          price_overview: {
            currency: "USD",
            initial: price.initial,
            final: price.final,
            discount_percent: price.discountPercent,
          },
        }
      : {}),
    ...(asked("genres")
      ? { genres: game.genres.map((description, id) => ({ id: String(id + 1), description })) }
      : {}),
  };
  // The store answers with an empty list where none of what was asked exists.
  const whole = { [id]: { success: true, data: Object.keys(data).length === 0 ? [] : data } };
  return { whole, empty, unsuccessful };
}

function reviews(id: number, time: Date): Answers {
  const game = games.get(id);
  const none = { num_reviews: 0, review_score: 0, review_score_desc: "No user reviews" };
  const empty = { success: 1, query_summary: { ...none, total_reviews: 0 }, reviews: [] };
  const unsuccessful = { success: 2 };
  if (!game) return { whole: empty, empty, unsuccessful };
  const { score, positive, negative } = reviewsAt(game, time.getTime());
  const summary = {
    num_reviews: 0,
    review_score: score,
    review_score_desc: SCORE_WORDS[score],
    total_positive: positive,
    total_negative: negative,
    total_reviews: positive + negative,
  };
  return { whole: { success: 1, query_summary: summary, reviews: [] }, empty, unsuccessful };
}

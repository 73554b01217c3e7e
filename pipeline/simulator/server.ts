import { createServer, type Server, type ServerResponse } from "node:http";
import { chance, discountAt, snapshotAt } from "./figures";
import { games, type SimulatedGame } from "./games";

export interface SimulatorOptions {
  seed: number;
  /** Share of answers that are faults, 0 to 1. @default 0 */
  faultRate?: number;
  /** @default Date.now */
  now?: () => number;
}

/** The ways in which a faulty answer is wrong. */
export const faults = [
  "status 500",
  "status 429",
  "retry after",
  "no JSON",
  "truncated",
  "reset",
  "empty",
] as const;
export type Fault = (typeof faults)[number];

const byId = new Map(games.map((game) => [game.id, game]));

/** An HTTP server with the endpoints of Steam that the producer asks, in their shapes. It does not listen yet. */
export function simulatedSteam(options: SimulatorOptions): Server {
  const now = options.now ?? Date.now;
  let asked = 0;
  return createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://steam");
    if (url.pathname === "/healthz") return json(response, 200, { alive: true });
    asked++;
    const fault = faultOf(asked, options);
    if (fault) return answerFaulty(response, fault);
    const answer = route(url, now(), options.seed);
    return answer === undefined ? json(response, 404, {}) : json(response, 200, answer);
  });
}

/** The fault of the n-th request, if it has one: by seed and number, so that a run can be had again. */
function faultOf(n: number, { seed, faultRate = 0 }: SimulatorOptions): Fault | undefined {
  if (chance(seed, n, 7) >= faultRate) return undefined;
  return faults[Math.floor(chance(seed, n, 8) * faults.length)];
}

function route(url: URL, atMs: number, seed: number): unknown {
  if (/^\/ISteamChartsService\/GetGamesByConcurrentPlayers\/v1\/?$/.test(url.pathname))
    return ranking(atMs, seed);
  if (/^\/api\/appdetails\/?$/.test(url.pathname))
    return details(url.searchParams.get("appids") ?? "", atMs, seed);
  const review = /^\/appreviews\/(\d+)$/.exec(url.pathname)?.[1];
  return review === undefined ? undefined : reviews(byId.get(Number(review)));
}

function ranking(atMs: number, seed: number) {
  const ranks = snapshotAt(atMs, seed).map(({ game, rank, players, peakToday }) => ({
    rank,
    appid: game.id,
    concurrent_in_game: players,
    peak_in_game: peakToday,
  }));
  return { response: { last_update: Math.floor(atMs / 1_000), ranks } };
}

function details(appid: string, atMs: number, seed: number) {
  const game = byId.get(Number(appid));
  if (!game) return { [appid]: { success: false } };
  const discount = discountAt(game, atMs, seed);
  const price =
    game.price === 0
      ? {}
      : {
          price_overview: {
            currency: "USD",
            initial: game.price,
            final: Math.round((game.price * (100 - discount)) / 100),
            discount_percent: discount,
          },
        };
  const data = {
    type: "game",
    name: game.name,
    steam_appid: game.id,
    is_free: game.price === 0,
    genres: game.genres.map((description, i) => ({ id: String(i + 1), description })),
    ...price,
  };
  return { [appid]: { success: true, data } };
}

function reviews(game: SimulatedGame | undefined) {
  const positive = Math.round((game?.base ?? 0) * ((game?.review ?? 0) / 10));
  return {
    success: 1,
    query_summary: {
      num_reviews: 0,
      review_score: game?.review ?? 0,
      total_positive: positive,
      total_negative: (game?.base ?? 0) - positive,
      total_reviews: game?.base ?? 0,
    },
  };
}

function answerFaulty(response: ServerResponse, fault: Fault): void {
  switch (fault) {
    case "status 500":
      return json(response, 500, { error: "internal" });
    case "status 429":
      return json(response, 429, null);
    case "retry after":
      response.setHeader("retry-after", "1");
      return json(response, 429, null);
    case "no JSON":
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html><body>Steam is down for maintenance</body></html>");
      return;
    case "truncated":
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"response":{"ranks":[{"rank":1,');
      response.destroy();
      return;
    case "reset":
      response.destroy();
      return;
    case "empty":
      return json(response, 200, { response: { ranks: [] } });
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}

import { z } from "zod";
import type { HttpClient } from "../http";
import { fetchTime, type TopGameRecord } from "../record";
import type { Catalog } from "./catalog";

const uint32 = z.number().int().min(0).max(4_294_967_295);
const rankingSchema = z.object({
  response: z.object({
    ranks: z
      .array(
        z.object({
          rank: z.number().int().min(1).max(65_535),
          appid: uint32,
          concurrent_in_game: uint32,
          peak_in_game: uint32,
        }),
      )
      .min(1, "the ranking is empty"),
  }),
});

export interface TopGamesOptions {
  apiUrl: string;
  apiKey: string | undefined;
  http: HttpClient;
  catalog: Catalog;
}

/**
 * One snapshot of the ranking, all of it with one fetch_time.
 * @throws PipelineError as the HTTP client does. Nothing is known of the moment then.
 */
export async function pollTopGames(
  options: TopGamesOptions,
  signal: AbortSignal,
): Promise<TopGameRecord[]> {
  const url = new URL(`${options.apiUrl}/ISteamChartsService/GetGamesByConcurrentPlayers/v1/`);
  if (options.apiKey !== undefined) url.searchParams.set("key", options.apiKey);
  const at = fetchTime(new Date());
  const { response } = await options.http.getJson("ranking", url, rankingSchema, signal);
  await options.catalog.learn(
    response.ranks.map((entry) => entry.appid),
    signal,
  );
  const seen = new Set<number>();
  return response.ranks
    .filter(({ appid }) => !seen.has(appid) && seen.add(appid))
    .map((entry) => ({
      game_id: entry.appid,
      game_name: options.catalog.name(entry.appid),
      current_players: entry.concurrent_in_game,
      peak_today: entry.peak_in_game,
      rank: entry.rank,
      fetch_time: at,
    }));
}

import { z } from "zod";
import type { HttpClient } from "../http/client";
import { formatFetchTime, topGames, type TopGameRecord } from "../record";
import { topic, whole } from "../environment";
import { defineSource } from "./define";
import type { Snapshot, Source } from "./source";
import { Steam, steamVariables } from "./steam";
import { faultsOf, validate, wholeOf } from "./validate";

const WHAT = "ranking";
/** Asks for the names along with the ranks. Where Steam leaves them out, the store is asked. */
const INPUT = JSON.stringify({
  context: { language: "english", country_code: "US" },
  data_request: { include_basic_info: true },
});
const MAX_NAME_WAIT_MS = 10_000;

const answer = z.object({ response: z.object({ ranks: z.array(z.unknown()).min(1) }) });
const line = z.object({
  rank: wholeOf(topGames, "rank").min(1),
  appid: wholeOf(topGames, "game_id").min(1),
  concurrent_in_game: wholeOf(topGames, "current_players"),
  peak_in_game: wholeOf(topGames, "peak_today"),
  item: z
    .object({ name: z.string().min(1) })
    .optional()
    .catch(undefined),
});
type Line = z.output<typeof line>;

export interface SteamTopGamesArgs {
  http: HttpClient;
  steam: Pick<Steam, "apiUrl" | "apiKey" | "names" | "ranked">;
  topic: string;
  intervalSeconds: number;
}

/** The hundred most played games and how many play them: one call a poll. */
export class SteamTopGames implements Source {
  readonly name = "steam-top-games";
  readonly table = topGames;
  readonly topic: string;
  private polled = false;

  constructor(private readonly args: SteamTopGamesArgs) {
    this.topic = args.topic;
  }

  /** The first poll at once, the others at whole multiples of the interval, so that snapshots line up across restarts. */
  nextPollAt(now: number): number {
    if (!this.polled) return now;
    const intervalMs = this.args.intervalSeconds * 1000;
    return (Math.floor(now / intervalMs) + 1) * intervalMs;
  }

  async poll(time: Date, signal: AbortSignal): Promise<Snapshot> {
    this.polled = true;
    const { topic } = this;
    const { http, steam, intervalSeconds } = this.args;
    const { apiUrl, apiKey, names } = steam;
    const url = new URL(`${apiUrl}/ISteamChartsService/GetGamesByConcurrentPlayers/v1/`);
    url.searchParams.set("input_json", INPUT);
    const { lines, problems } = await http.get({
      what: WHAT,
      url,
      // Steam takes the key as a header too: addresses end up in logs, headers do not.
      headers: apiKey === undefined ? {} : { "x-webapi-key": apiKey },
      parse: parseRanking,
      signal,
    });
    for (const { appid, item } of lines) if (item) names.learn(appid, item.name);
    const ids = lines.map(({ appid }) => appid);
    const nameWaitMs = Math.min(MAX_NAME_WAIT_MS, intervalSeconds * 500);
    problems.push(...(await names.lookUp(ids, nameWaitMs, signal)));
    steam.ranked = ids;

    const fetchTime = formatFetchTime(time);
    const records = lines.map((game): TopGameRecord => ({
      game_id: game.appid,
      game_name: names.of(game.appid),
      current_players: game.concurrent_in_game,
      peak_today: game.peak_in_game,
      rank: game.rank,
      fetch_time: fetchTime,
    }));
    return { source: this.name, topic, fetchTime, records, problems };
  }
}

/** The lines that are well formed, each game once, and what is wrong with the others. */
function parseRanking(body: unknown): { lines: Line[]; problems: string[] } {
  const { ranks } = validate(WHAT, answer, body).response;
  const lines = new Map<number, Line>();
  const problems: string[] = [];
  ranks.forEach((rank, index) => {
    const field = ["response", "ranks", index] as const;
    const parsed = line.safeParse(rank);
    if (!parsed.success) problems.push(`${WHAT}: ${faultsOf(parsed.error, field)}`);
    else if (lines.has(parsed.data.appid))
      problems.push(`${WHAT}: ${z.core.toDotPath(field)}: app ${parsed.data.appid} is there twice`);
    else lines.set(parsed.data.appid, parsed.data);
  });
  if (lines.size === 0)
    validate(WHAT, z.object({ response: z.object({ ranks: z.array(line) }) }), body);
  return { lines: [...lines.values()], problems };
}

export const steamTopGames = defineSource({
  name: "steam-top-games",
  table: topGames,
  variables: {
    ...steamVariables,
    TOP_GAMES_TOPIC: topic(),
    POLL_INTERVAL_SECONDS: whole(1, 3600).prefault("60"),
  },
  create: (context, read) =>
    new SteamTopGames({
      http: context.http,
      steam: Steam.of(context, read),
      topic: read.TOP_GAMES_TOPIC,
      intervalSeconds: read.POLL_INTERVAL_SECONDS,
    }),
});

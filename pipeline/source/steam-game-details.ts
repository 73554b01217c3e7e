import { PipelineError } from "../errors";
import { formatFetchTime, gameDetails, type GameDetailsRecord } from "../record";
import { topic, whole } from "../environment";
import { defineSource } from "./define";
import type { Names } from "./names";
import type { Snapshot, Source } from "./source";
import { Steam, steamVariables } from "./steam";
import type { Store } from "./store";

/** Games visited in one poll: few, so that the first records come soon. */
const BATCH = 10;
const PARALLEL_VISITS = 4;
const RETRY_FAILED_MS = 300_000;
/** How soon to look again whether there is a ranking. */
const IDLE_MS = 250;

export interface SteamGameDetailsArgs {
  store: Pick<Store, "page" | "reviewScore">;
  topic: string;
  /** How long one tour through all ranked games takes. */
  intervalSeconds: number;
  names: Names;
  /** Ids of the games to visit, by rank. */
  ranked: () => readonly number[];
}

/**
 * What the store says of the ranked games: price, discount, genres and review score. A game is visited
 * when it first appears in the ranking and once in every tour; visits of a tour are spread evenly over
 * its time. The store's own limit makes a tour longer where it has to.
 */
export class SteamGameDetails implements Source {
  readonly name = "steam-game-details";
  readonly table = gameDetails;
  readonly topic: string;
  /** Games visited so far and when each is due again. */
  private readonly dueAt = new Map<number, number>();

  constructor(private readonly args: SteamGameDetailsArgs) {
    this.topic = args.topic;
  }

  nextPollAt(now: number): number {
    const ranked = this.args.ranked();
    if (ranked.length === 0) return now + IDLE_MS;
    const soonest = Math.min(...ranked.map((id) => this.dueAt.get(id) ?? 0));
    // The ranking may have changed by then, so it looks again after a while.
    return Math.min(Math.max(now, soonest), now + 4 * IDLE_MS);
  }

  async poll(time: Date, signal: AbortSignal): Promise<Snapshot> {
    const ranked = this.args.ranked();
    this.forgetUnranked(ranked, time.getTime());
    const due = ranked.filter((id) => (this.dueAt.get(id) ?? 0) <= time.getTime()).slice(0, BATCH);
    const fetchTime = formatFetchTime(time);
    const records: GameDetailsRecord[] = [];
    const problems: string[] = [];
    const worker = async (): Promise<void> => {
      for (let id = due.shift(); id !== undefined; id = due.shift()) {
        try {
          const record = await this.visit(id, fetchTime, signal);
          if (record) records.push(record);
          this.dueAt.set(id, this.nextVisit(id, ranked));
        } catch (error) {
          if (!(error instanceof PipelineError)) throw error;
          if (error.code === "STOPPED") return;
          problems.push(error.message);
          const retryMs = Math.min(RETRY_FAILED_MS, this.args.intervalSeconds * 1000);
          this.dueAt.set(id, Date.now() + retryMs);
        }
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_VISITS }, worker));
    return { source: this.name, topic: this.topic, fetchTime, records, problems };
  }

  private async visit(
    id: number,
    fetchTime: string,
    signal: AbortSignal,
  ): Promise<GameDetailsRecord | undefined> {
    const page = await this.args.store.page(id, signal);
    if (!page) return undefined;
    this.args.names.learn(id, page.name);
    const reviewScore = await this.args.store.reviewScore(id, signal);
    const { initial = 0, final = 0, discountPercent = 0, currency = "" } = page.price ?? {};
    return {
      game_id: id,
      game_name: page.name,
      genres: page.genres,
      original_price: initial / 100,
      final_price: final / 100,
      discount_percent: discountPercent,
      currency,
      review_score: reviewScore,
      fetch_time: fetchTime,
    };
  }

  /** A first visit comes at once, the second at the game's own place in the tour, later ones a tour apart. */
  private nextVisit(id: number, ranked: readonly number[]): number {
    const tourMs = this.args.intervalSeconds * 1000;
    const last = this.dueAt.get(id);
    if (last !== undefined) return Math.max(Date.now(), last + tourMs);
    return Date.now() + (tourMs * (ranked.indexOf(id) + 1)) / ranked.length;
  }

  /** Games that left the ranking and would be due again are no longer remembered. */
  private forgetUnranked(ranked: readonly number[], now: number): void {
    for (const [id, due] of this.dueAt)
      if (due <= now && !ranked.includes(id)) this.dueAt.delete(id);
  }
}

export const steamGameDetails = defineSource({
  name: "steam-game-details",
  table: gameDetails,
  variables: {
    ...steamVariables,
    GAME_DETAILS_TOPIC: topic(),
    DETAILS_INTERVAL_SECONDS: whole(1, 604_800).prefault("21600"),
  },
  create: (context, read) => {
    const steam = Steam.of(context, read);
    return new SteamGameDetails({
      store: steam.store,
      topic: read.GAME_DETAILS_TOPIC,
      intervalSeconds: read.DETAILS_INTERVAL_SECONDS,
      names: steam.names,
      ranked: () => steam.ranked,
    });
  },
});

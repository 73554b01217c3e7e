import { z } from "zod";
import type { HttpClient } from "../http";
import { Limiter } from "./limiter";

/**
 * Calls that the store answers to one address: about 200 in five minutes, as its users measured.
 * Some are left for whoever else shares the address.
 */
const STORE_LIMIT = { calls: 190, windowMs: 300_000 };

/** What the store says of a game. */
export interface StoreGame {
  name: string;
  genres: string[];
  originalPrice: number;
  finalPrice: number;
  discountPercent: number;
  currency: string;
}

const gameSchema = z.object({
  name: z.string().min(1),
  genres: z.array(z.object({ description: z.string() })).default([]),
  price_overview: z
    .object({
      currency: z.string(),
      initial: z.number().int().nonnegative(),
      final: z.number().int().nonnegative(),
      discount_percent: z.number().int().min(0).max(100),
    })
    .optional(),
});

/** A game that the store does not sell comes with success false, and its data then as an empty list. */
const detailsSchema = z.record(
  z.string(),
  z.object({ success: z.boolean(), data: z.union([gameSchema, z.array(z.never())]).optional() }),
);

const reviewsSchema = z.object({
  success: z.number().optional(),
  query_summary: z.object({ review_score: z.number().int().min(0).max(9) }),
});

/** Steam's store: details of one game a call, within its limit. */
export class Store {
  constructor(
    private readonly http: HttpClient,
    private readonly baseUrl: string,
    private readonly limiter = new Limiter(STORE_LIMIT.calls, STORE_LIMIT.windowMs),
  ) {}

  /** Whether a call may be made now; it is then taken as made. */
  tryTurn(): boolean {
    return this.limiter.tryTake();
  }

  turn(signal?: AbortSignal): Promise<void> {
    return this.limiter.take(signal);
  }

  /**
   * The game, or undefined where the store does not know it. The caller has taken a turn.
   * @throws PipelineError as the HTTP client does.
   */
  async game(id: number, signal?: AbortSignal): Promise<StoreGame | undefined> {
    const url = new URL(`${this.baseUrl}/api/appdetails`);
    url.search = new URLSearchParams({ appids: String(id), cc: "us", l: "english" }).toString();
    const answer = await this.http.getJson(`details of game ${id}`, url, detailsSchema, signal);
    const data = answer[String(id)]?.data;
    if (data === undefined || Array.isArray(data)) return undefined;
    const price = data.price_overview;
    return {
      name: data.name,
      genres: data.genres.map((genre) => genre.description),
      originalPrice: (price?.initial ?? 0) / 100,
      finalPrice: (price?.final ?? 0) / 100,
      discountPercent: price?.discount_percent ?? 0,
      currency: price?.currency ?? "",
    };
  }

  /** The game's review score, 0 to 9. The caller has taken a turn. */
  async reviewScore(id: number, signal?: AbortSignal): Promise<number> {
    const url = new URL(`${this.baseUrl}/appreviews/${id}`);
    url.search = new URLSearchParams({
      json: "1",
      language: "all",
      purchase_type: "all",
      num_per_page: "0",
    }).toString();
    const answer = await this.http.getJson(`reviews of game ${id}`, url, reviewsSchema, signal);
    return answer.query_summary.review_score;
  }
}

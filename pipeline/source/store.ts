import { z } from "zod";
import type { HttpClient } from "../http/client";
import { gameDetails } from "../record";
import type { Budget } from "./budget";
import { validate, wholeOf } from "./validate";

/** Prices are those of the United States, names and genres are in English. */
const LOCALE = { cc: "us", l: "english" };

/** In hundredths of the currency, up to what a price's column holds. */
const price = z.int().min(0).max(9_999_999_999);

const app = z.object({
  name: z.string().min(1),
  is_free: z.boolean().optional(),
  price_overview: z
    .object({
      currency: z.string().length(3),
      initial: price,
      final: price,
      discount_percent: wholeOf(gameDetails, "discount_percent").max(100),
    })
    .optional(),
  genres: z.array(z.object({ description: z.string().min(1) })).optional(),
});

/** An app without a page has success false; one without anything that was asked for has an empty list. */
const appAnswer = z.object({
  success: z.boolean(),
  data: z.preprocess(
    (data) => (Array.isArray(data) && data.length === 0 ? undefined : data),
    app.optional(),
  ),
});

const reviews = z.object({
  success: z.literal(1),
  query_summary: z.object({ review_score: wholeOf(gameDetails, "review_score").max(9) }),
});

/** What the store's page of a game says. */
export interface StorePage {
  name: string;
  genres: readonly string[];
  /** In hundredths of the currency. Absent for a game that is free or not sold. */
  price?: { currency: string; initial: number; final: number; discountPercent: number };
}

/** The Steam store, asked no more often than its limit allows. */
export class Store {
  constructor(
    private readonly http: HttpClient,
    private readonly url: string,
    private readonly budget: Budget,
  ) {}

  /** The page of a game, or undefined where it has none. */
  async page(id: number, signal: AbortSignal): Promise<StorePage | undefined> {
    const data = await this.app(id, "basic,price_overview,genres", signal);
    if (!data) return undefined;
    const { name, genres = [], price_overview: price } = data;
    return {
      name,
      genres: genres.map(({ description }) => description),
      ...(price
        ? {
            price: {
              currency: price.currency,
              initial: price.initial,
              final: price.final,
              discountPercent: price.discount_percent,
            },
          }
        : {}),
    };
  }

  /** The name of a game, or undefined where it has no page. */
  async name(id: number, signal: AbortSignal): Promise<string | undefined> {
    return (await this.app(id, "basic", signal))?.name;
  }

  /** The review score of a game, from 0 (none) to 9 (overwhelmingly positive). */
  async reviewScore(id: number, signal: AbortSignal): Promise<number> {
    const what = `reviews of app ${id}`;
    const url = new URL(`${this.url}/appreviews/${id}`);
    url.search = new URLSearchParams({
      json: "1",
      language: "all",
      purchase_type: "all",
      num_per_page: "0",
    }).toString();
    await this.budget.take(signal);
    const parse = (body: unknown) => validate(what, reviews, body).query_summary.review_score;
    return this.http.get({ what, url, signal, parse });
  }

  private async app(id: number, filters: string, signal: AbortSignal) {
    const what = `store page of app ${id}`;
    const url = new URL(`${this.url}/api/appdetails`);
    url.search = new URLSearchParams({ appids: String(id), ...LOCALE, filters }).toString();
    await this.budget.take(signal);
    const schema = z.object({ [String(id)]: appAnswer });
    return this.http.get({
      what,
      url,
      signal,
      parse: (body) => validate(what, schema, body)[String(id)]?.data,
    });
  }
}

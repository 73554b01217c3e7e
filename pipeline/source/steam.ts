import { address, secretFile, whole } from "../environment";
import type { z } from "zod";
import { Budget } from "./budget";
import type { SourceContext } from "./define";
import { Names } from "./names";
import { Store } from "./store";

const STORE_WINDOW_MS = 300_000;

/** Where Steam is, and how it may be asked. The simulated Steam is asked by the same code. */
export const steamVariables = {
  STEAM_API_URL: address().prefault("https://api.steampowered.com"),
  STEAM_STORE_URL: address().prefault("https://store.steampowered.com"),
  STEAM_API_KEY_FILE: secretFile().optional(),
  /** The store turns callers away at about 200 in five minutes. */
  STORE_CALLS_PER_5_MINUTES: whole(1, 1_000_000).prefault("180"),
};

type Read = z.output<z.ZodObject<typeof steamVariables>>;

/** What the sources on Steam share: one budget for the store, the names, the games that are ranked. */
export class Steam {
  readonly apiUrl: string;
  readonly apiKey: string | undefined;
  readonly store: Store;
  readonly names: Names;
  /** Ids of the games in the last ranking, by rank. Empty before the first. */
  ranked: readonly number[] = [];

  constructor({ http }: SourceContext, read: Read) {
    this.apiUrl = read.STEAM_API_URL;
    this.apiKey = read.STEAM_API_KEY_FILE;
    const budget = new Budget(read.STORE_CALLS_PER_5_MINUTES, STORE_WINDOW_MS);
    this.store = new Store(http, read.STEAM_STORE_URL, budget);
    this.names = new Names(this.store);
  }

  /** The one that all sources of a producer share. */
  static of(context: SourceContext, read: Read): Steam {
    return context.share("steam", () => new Steam(context, read));
  }
}

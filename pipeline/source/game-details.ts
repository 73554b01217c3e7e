import { fetchTime, type GameDetailsRecord } from "../record";
import type { Catalog } from "./catalog";
import type { Store, StoreGame } from "./store";

/**
 * The details of one game, asked of the store within its limit; undefined where the store does not know it.
 * @param fresh whether what the catalog holds is recent enough to save a call.
 * @throws PipelineError as the HTTP client does.
 */
export async function pollGameDetails(
  id: number,
  { store, catalog, fresh }: { store: Store; catalog: Catalog; fresh: boolean },
  signal: AbortSignal,
): Promise<GameDetailsRecord | undefined> {
  const game = (fresh ? catalog.get(id) : undefined) ?? (await ask(id, store, signal));
  if (!game) return undefined;
  catalog.set(id, game);
  await store.turn(signal);
  const reviewScore = await store.reviewScore(id, signal);
  return {
    game_id: id,
    game_name: game.name,
    genres: game.genres,
    original_price: game.originalPrice,
    final_price: game.finalPrice,
    discount_percent: game.discountPercent,
    currency: game.currency,
    review_score: reviewScore,
    fetch_time: fetchTime(new Date()),
  };
}

async function ask(id: number, store: Store, signal: AbortSignal): Promise<StoreGame | undefined> {
  await store.turn(signal);
  return store.game(id, signal);
}

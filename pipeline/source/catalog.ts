import type { Logger } from "pino";
import { messageOf } from "../errors";
import type { Store, StoreGame } from "./store";

/** Requests to the store under way at once while names are missing. */
const PARALLEL = 8;
/** Longest time that a snapshot waits for names. */
const NAMES_DEADLINE_MS = 8_000;

/** What is known of games, kept for as long as the producer runs. */
export class Catalog {
  private readonly games = new Map<number, StoreGame>();

  constructor(
    private readonly store: Store,
    private readonly log: Logger,
  ) {}

  get(id: number): StoreGame | undefined {
    return this.games.get(id);
  }

  set(id: number, game: StoreGame): void {
    this.games.set(id, game);
  }

  /** The game's name; `App ID` until the store has told it. */
  name(id: number): string {
    return this.games.get(id)?.name ?? `App ${id}`;
  }

  /**
   * Asks the store for the games not known yet, as far as its limit and a few seconds allow. A snapshot is
   * not held back for what is still missing then: the next one asks again.
   */
  async learn(ids: readonly number[], signal: AbortSignal): Promise<void> {
    const unknown = ids.filter((id) => !this.games.has(id));
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(NAMES_DEADLINE_MS)]);
    let missed = 0;
    const worker = async () => {
      for (let id = unknown.shift(); id !== undefined && !bounded.aborted; id = unknown.shift()) {
        if (!this.store.tryTurn()) return;
        try {
          const game = await this.store.game(id, bounded);
          if (game) this.games.set(id, game);
        } catch (error) {
          missed++;
          this.log.debug({ gameId: id, reason: messageOf(error) }, "name not learnt");
        }
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    const left = missed + unknown.length;
    if (left > 0) this.log.info({ left }, "some games have no name yet; the next poll asks again");
  }
}

import { PipelineError } from "../errors";
import { limited } from "../wait";
import type { Store } from "./store";

const PARALLEL_LOOKUPS = 8;
const RETRY_FAILED_MS = 300_000;
const RETRY_UNLISTED_MS = 86_400_000;

/**
 * Names of games. One that no answer has told yet is asked of the store and remembered. Until the
 * store has told it, because it takes only so many calls, a game is called `App` and its id.
 */
export class Names {
  private readonly known = new Map<number, string>();
  /** Games whose name could not be had, and when to ask again. */
  private readonly askAgainAt = new Map<number, number>();

  constructor(private readonly store: Pick<Store, "name">) {}

  learn(id: number, name: string): void {
    this.known.set(id, name);
    this.askAgainAt.delete(id);
  }

  /** The name of a game, at once. */
  of(id: number): string {
    return this.known.get(id) ?? `App ${id}`;
  }

  /**
   * Asks the store for the names in `ids` that are not known, for at most `maxMs`. What could not be
   * had is returned as problems; it is asked for again in a later call.
   */
  async lookUp(ids: readonly number[], maxMs: number, signal: AbortSignal): Promise<string[]> {
    const now = Date.now();
    const unknown = ids.filter(
      (id) => !this.known.has(id) && (this.askAgainAt.get(id) ?? 0) <= now,
    );
    if (unknown.length === 0) return [];
    const problems: string[] = [];
    const worker = async (signal: AbortSignal): Promise<void> => {
      for (let id = unknown.shift(); id !== undefined; id = unknown.shift()) {
        if (signal.aborted) return;
        await this.lookUpOne(id, signal, problems);
      }
    };
    await limited(maxMs, signal, (limit) =>
      Promise.all(Array.from({ length: PARALLEL_LOOKUPS }, () => worker(limit))),
    );
    return problems;
  }

  private async lookUpOne(id: number, signal: AbortSignal, problems: string[]): Promise<void> {
    try {
      const name = await this.store.name(id, signal);
      if (name === undefined) this.askAgainAt.set(id, Date.now() + RETRY_UNLISTED_MS);
      else this.learn(id, name);
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      if (error.code === "STOPPED") return;
      this.askAgainAt.set(id, Date.now() + RETRY_FAILED_MS);
      problems.push(error.message);
    }
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { messageOf } from "./errors";
import type { HttpClient } from "./http";
import type { Options } from "./options";
import type { Outbox } from "./outbox";
import { Catalog } from "./source/catalog";
import { pollGameDetails } from "./source/game-details";
import { Store } from "./source/store";
import { pollTopGames } from "./source/top-games";

/** How polling goes, for the status page. */
export interface Polls {
  polls: number;
  failedPolls: number;
  lastPollAt: string | undefined;
  /** Of the last poll; undefined where it went well. */
  lastPollError: string | undefined;
  detailsVisited: number;
  lastDetailsError: string | undefined;
}

/** Polls the ranking at its interval, and the ranked games' details one by one, until the signal. */
export class PollingProducer {
  readonly polls: Polls = {
    polls: 0,
    failedPolls: 0,
    lastPollAt: undefined,
    lastPollError: undefined,
    detailsVisited: 0,
    lastDetailsError: undefined,
  };
  private readonly store: Store;
  private readonly catalog: Catalog;
  private ranked: number[] = [];

  constructor(
    private readonly options: Options,
    private readonly http: HttpClient,
    private readonly outbox: Outbox,
    private readonly log: Logger,
    private readonly signal: AbortSignal,
  ) {
    this.store = new Store(http, options.storeUrl);
    this.catalog = new Catalog(this.store, log);
  }

  /** Resolves once the signal has come and the poll under way has ended. */
  async run(): Promise<void> {
    await this.pollOnce();
    await Promise.all([this.pollLoop(), this.detailsLoop()]);
  }

  /** One snapshot of the ranking. A failed poll is counted and told, not thrown. */
  async pollOnce(): Promise<void> {
    this.polls.polls++;
    try {
      const { apiUrl, apiKey, topGamesTopic } = this.options;
      const records = await pollTopGames(
        { apiUrl, apiKey, http: this.http, catalog: this.catalog },
        this.signal,
      );
      this.ranked = records.map((record) => record.game_id);
      this.outbox.add(topGamesTopic, records);
      this.polls.lastPollAt = new Date().toISOString();
      this.polls.lastPollError = undefined;
    } catch (error) {
      if (this.signal.aborted) return;
      this.polls.failedPolls++;
      this.polls.lastPollError = messageOf(error);
      this.log.warn({ failedPolls: this.polls.failedPolls }, this.polls.lastPollError);
    }
  }

  private async pollLoop(): Promise<void> {
    while (await this.pause(untilNext(this.options.pollIntervalMs))) await this.pollOnce();
  }

  /** The first tour goes as fast as the store's limit allows; later ones are spread over their interval. */
  private async detailsLoop(): Promise<void> {
    for (let tour = 1; !this.signal.aborted; tour++) {
      const games = [...this.ranked];
      if (games.length === 0 && !(await this.pause(1_000))) return;
      for (const id of games) {
        if (tour > 1 && !(await this.pause(this.options.detailsIntervalMs / games.length))) return;
        await this.visit(id, tour === 1);
      }
      if (tour === 1 && games.length === 0) tour = 0;
      else if (tour === 1) await this.pause(this.options.detailsIntervalMs / games.length);
    }
  }

  private async visit(id: number, fresh: boolean): Promise<void> {
    try {
      const record = await pollGameDetails(
        id,
        { store: this.store, catalog: this.catalog, fresh },
        this.signal,
      );
      if (record) this.outbox.add(this.options.gameDetailsTopic, [record]);
      this.polls.detailsVisited++;
      this.polls.lastDetailsError = undefined;
    } catch (error) {
      if (this.signal.aborted) return;
      this.polls.lastDetailsError = messageOf(error);
      this.log.warn({ gameId: id }, this.polls.lastDetailsError);
    }
  }

  /** Whether the time passed before the signal came. */
  private async pause(ms: number): Promise<boolean> {
    if (this.signal.aborted) return false;
    return sleep(ms, true, { signal: this.signal }).catch(() => false);
  }
}

/** Polls keep to multiples of the interval, so that snapshots of several runs stand at the same seconds. */
function untilNext(intervalMs: number, now = Date.now()): number {
  return intervalMs - (now % intervalMs);
}

import type { Logger } from "pino";
import { deliver } from "./delivery";
import { HttpClient } from "./http/client";
import type { Options } from "./options";
import { Outbox } from "./outbox";
import { pollForever, pollOnce } from "./polling";
import type { Sender } from "./sender";
import { Budget } from "./source/budget";
import { Names } from "./source/names";
import type { Source } from "./source/source";
import { SteamGameDetails } from "./source/steam-game-details";
import { SteamTopGames } from "./source/steam-top-games";
import { Store } from "./source/store";
import { Status } from "./status";
import { createStatusServer } from "./status-server";
import { within } from "./wait";
import { PipelineError } from "./errors";

const STORE_WINDOW_MS = 300_000;
/** How long a stop waits for what is on its way. Docker kills after ten seconds. */
const FLUSH_MS = 5_000;
const CLOSE_MS = 3_000;

export interface ProducerArgs {
  options: Options;
  sender: Sender;
  log: Logger;
  /** Polls each source once, delivers that and ends. @default false */
  once?: boolean;
}

/**
 * Polls and delivers until `stop`, then delivers what is left for at most five seconds.
 * Resolves to whether all went well, which only `once` can deny.
 */
export async function runProducer(
  { options, sender, log, once = false }: ProducerArgs,
  stop: AbortSignal,
): Promise<boolean> {
  const http = new HttpClient({ timeoutMs: options.httpTimeoutMs });
  const sources = sourcesOf(options, http);
  const status = new Status(options.source, sources[0].name);
  const outbox = new Outbox(options.queueMaxRecords, (snapshot) => {
    status.dropped(snapshot);
    const { topic, fetchTime, records } = snapshot;
    log.error({ topic, fetchTime, records: records.length }, "dropped: the queue is full");
  });
  const server = once ? undefined : createStatusServer(status, outbox);
  server?.on("error", (error) => log.error(`no status page: ${error.message}`));
  server?.listen(options.statusPort);
  log.info({ source: options.source, brokers: options.kafkaBrokers, once }, "started");

  const giveUp = new AbortController();
  const delivering = deliver({ outbox, sender, status, log }, giveUp.signal);
  let succeeded = true;
  if (once) {
    for (const source of sources)
      succeeded = (await pollOnce(source, { outbox, status, log }, stop)) && succeeded;
  } else {
    await Promise.all(sources.map((source) => pollForever(source, { outbox, status, log }, stop)));
  }
  outbox.close();
  if (!once || stop.aborted) log.info({ records: outbox.size }, "stopping");
  const late = setTimeout(() => giveUp.abort(), once && !stop.aborted ? 2 * FLUSH_MS : FLUSH_MS);
  stop.addEventListener("abort", () => setTimeout(() => giveUp.abort(), FLUSH_MS).unref());
  const hangs = () => new PipelineError("KAFKA_UNREACHABLE", "delivery did not end in time");
  await within(3 * FLUSH_MS - CLOSE_MS, delivering, hangs).catch((error: unknown) =>
    log.warn(error),
  );
  clearTimeout(late);

  await within(CLOSE_MS, Promise.all([sender.close(), http.close()]), hangs).catch(() => undefined);
  server?.close();
  server?.closeAllConnections();
  const { recordsAcked, recordsFailed, recordsDropped } = status.report(outbox.size);
  log.info({ recordsAcked, recordsFailed, recordsDropped }, "stopped");
  return succeeded && !(once && giveUp.signal.aborted);
}

/** The sources, the one that decides whether the producer is ready first. */
function sourcesOf(options: Options, http: HttpClient): [Source, ...Source[]] {
  const budget = new Budget(options.storeCallsPer5Minutes, STORE_WINDOW_MS);
  const store = new Store(http, options.steamStoreUrl, budget);
  const names = new Names(store);
  const topGames = new SteamTopGames({
    http,
    apiUrl: options.steamApiUrl,
    ...(options.steamApiKey === undefined ? {} : { apiKey: options.steamApiKey }),
    topic: options.topGamesTopic,
    intervalSeconds: options.pollIntervalSeconds,
    names,
  });
  const details = new SteamGameDetails({
    store,
    topic: options.gameDetailsTopic,
    intervalSeconds: options.detailsIntervalSeconds,
    names,
    ranked: () => topGames.ranked,
  });
  return [topGames, details];
}

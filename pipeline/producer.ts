import type { Logger } from "pino";
import { runLane } from "./delivery/lane";
import type { Outlet } from "./delivery/outlet";
import { PipelineError, codeOf, messageOf } from "./errors";
import { encoderOf } from "./format/format";
import { HttpClient } from "./http/client";
import { remembering } from "./kafka/partitioner";
import type { Setup } from "./options";
import { pollForever, pollOnce } from "./polling";
import type { Source } from "./source/source";
import { Spool } from "./spool/spool";
import { Status } from "./status";
import { createStatusServer } from "./status-server";
import { within } from "./wait";

/** How long a stop waits for what is on its way. Docker kills after ten seconds. */
const FLUSH_MS = 5_000;
const CLOSE_MS = 3_000;
/** How long `once` waits for Kafka. */
const ONCE_MS = 30_000;

export interface ProducerArgs extends Setup {
  /** The way into a topic. `onTrouble` is to be told of failures that are tried again. */
  outletOf: (topic: string, onTrouble: (error: PipelineError) => void) => Promise<Outlet>;
  log: Logger;
  /** Polls each source once, delivers that and ends. @default false */
  once?: boolean;
}

/**
 * Polls and delivers until `stop`, then delivers what is left for at most five seconds. What is not delivered
 * by then stays in the spool. Resolves to whether all went well, which `once` can deny, or another producer
 * that has taken this one's place.
 *
 * @throws PipelineError SPOOL_IN_USE
 */
export async function runProducer(
  { options, makeSources, outletOf, log, once = false }: ProducerArgs,
  stop: AbortSignal,
): Promise<boolean> {
  const http = new HttpClient({
    timeoutMs: options.httpTimeoutMs,
    onCircuit: (host, state) => {
      status.circuit(host, state);
      log.warn({ host, circuit: state }, state === "closed" ? "asked again" : "not asked for now");
    },
  });
  const sources = makeSources(http);
  const spool = new Spool({
    ...(options.spoolDirectory === undefined ? {} : { directory: options.spoolDirectory }),
    maxBytes: options.spoolMaxBytes,
    onDrop: (entry) => {
      const { source, records } = entry;
      log.error({ source, records }, "dropped: the spool is full, and this was the oldest in it");
      status.dropped(entry);
    },
    onFault: (error) => {
      log.error({ code: error.code }, error.message);
      status.spoolFailed(error);
    },
  });
  const status: Status = new Status(options.source, sources[0].name, spool);
  await spool.open();
  const server = once ? undefined : createStatusServer(status);
  server?.on("error", (error) => log.error(`no status page: ${error.message}`));
  server?.listen(options.statusPort);
  const { brokers } = options.kafka.cluster;
  log.info({ source: options.source, brokers, once, left: spool.snapshots }, "started");

  const giveUp = new AbortController();
  const lanes = await startLanes(sources, { options, outletOf, spool, status, log }, giveUp.signal);
  let succeeded = true;
  if (once) {
    for (const source of sources)
      succeeded = (await pollOnce(source, { spool, status, log }, stop)) && succeeded;
  } else {
    // Where a lane ends before it is told to, there is no point in polling on.
    const ended = new AbortController();
    lanes.done.catch(() => {
      succeeded = false;
      ended.abort();
    });
    const end = (): void => ended.abort();
    if (stop.aborted) end();
    stop.addEventListener("abort", end, { once: true });
    const polling = { spool, status, log };
    await Promise.all(sources.map((source) => pollForever(source, polling, ended.signal)));
  }
  spool.close();
  if (!once || stop.aborted) log.info({ records: spool.records }, "stopping");
  const late = setTimeout(() => giveUp.abort(), once && !stop.aborted ? ONCE_MS : FLUSH_MS);
  stop.addEventListener("abort", () => setTimeout(() => giveUp.abort(), FLUSH_MS).unref());
  const hangs = () => new PipelineError("KAFKA_UNREACHABLE", "delivery did not end in time");
  await untilGivenUp(lanes.done, giveUp.signal, hangs).catch((error: unknown) =>
    log.error({ code: codeOf(error) }, messageOf(error)),
  );
  clearTimeout(late);

  await within(CLOSE_MS, Promise.all([lanes.close(), http.close()]), hangs).catch(() => undefined);
  spool.leave();
  server?.close();
  server?.closeAllConnections();
  const { recordsAcked, recordsFailed, recordsDropped, recordsQueued } = status.report();
  log.info({ recordsAcked, recordsFailed, recordsDropped, recordsQueued }, "stopped");
  return succeeded && !(once && giveUp.signal.aborted);
}

interface LanesArgs extends Pick<ProducerArgs, "options" | "outletOf" | "log"> {
  spool: Spool;
  status: Status;
}

/** A lane for each source, so that a topic that cannot be reached holds no other back. */
async function startLanes(
  sources: readonly Source[],
  { options, outletOf, spool, status, log }: LanesArgs,
  giveUp: AbortSignal,
) {
  const { format, recordsPerMessage, partitioner } = options.kafka;
  const outlets = await Promise.all(
    sources.map((source) => outletOf(source.topic, (error) => status.deliveryFailed(error))),
  );
  const running = sources.map((source, index) => {
    const encode = encoderOf(format, source.table);
    const outlet = outlets[index] as Outlet;
    const choose = (partitions: number) => remembering(partitioner, partitions);
    return runLane(
      { source, spool, outlet, encode, recordsPerMessage, partitioner: choose, status, log },
      giveUp,
    );
  });
  return {
    done: Promise.all(running),
    close: () => Promise.all(outlets.map((outlet) => outlet.close())),
  };
}

/** Waits for `work`, and a little beyond being told to give up. */
async function untilGivenUp(
  work: Promise<unknown>,
  giveUp: AbortSignal,
  hangs: () => PipelineError,
): Promise<void> {
  const given = new Promise<void>((resolve) =>
    giveUp.addEventListener("abort", () => resolve(), { once: true }),
  );
  await Promise.race([work, given]);
  if (giveUp.aborted) await within(1_000, work, hangs);
}

import type { Logger } from "pino";
import { PipelineError, codeOf, messageOf } from "./errors";
import type { Snapshot, Source } from "./source/source";
import type { Spool } from "./spool/spool";
import type { Status } from "./status";
import { waitUntil } from "./wait";

/** Problems of one poll that are written out; the others are only counted. */
const LOGGED_PROBLEMS = 3;

export interface PollingArgs {
  spool: Spool;
  status: Status;
  log: Logger;
}

/** Polls a source whenever it is due, until `stop`. A poll that fails is told and left: the next one comes. */
export async function pollForever(
  source: Source,
  args: PollingArgs,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    try {
      await waitUntil(source.nextPollAt(Date.now()), stop);
    } catch {
      return;
    }
    await pollOnce(source, args, stop);
  }
}

/** One poll. Resolves to whether it succeeded. */
export async function pollOnce(
  source: Source,
  { spool, status, log }: PollingArgs,
  stop: AbortSignal,
): Promise<boolean> {
  const time = new Date();
  let snapshot: Snapshot;
  try {
    snapshot = await source.poll(time, stop);
  } catch (error) {
    if (stop.aborted || (error instanceof PipelineError && error.code === "STOPPED")) return false;
    status.pollFailed(source.name, error);
    log.warn({ source: source.name, code: codeOf(error) }, `poll failed: ${messageOf(error)}`);
    return false;
  }
  const { records, problems, fetchTime } = snapshot;
  if (records.length === 0 && problems.length === 0) return true;
  status.polled(snapshot);
  if (problems.length > 0)
    log.warn(
      { source: source.name, problems: problems.length },
      `parts of the answer are left out: ${problems.slice(0, LOGGED_PROBLEMS).join("; ")}`,
    );
  if (records.length > 0) {
    await spool.put(snapshot);
    log.debug({ source: source.name, records: records.length, fetchTime }, "polled");
  }
  return true;
}

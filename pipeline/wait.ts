import { setTimeout as sleep } from "node:timers/promises";
import { PipelineError } from "./errors";

/** Longest time that Node's timers can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Waits. @throws PipelineError STOPPED once `signal` is aborted. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(Math.min(Math.max(0, ms), MAX_TIMER_MS), undefined, { signal });
  } catch (cause) {
    throw new PipelineError("STOPPED", "stopped while waiting", { cause });
  }
}

/** Waits until the clock shows `time`, never less: timers may fire a millisecond early. */
export async function waitUntil(time: number, signal: AbortSignal): Promise<void> {
  for (let left = time - Date.now(); left > 0; left = time - Date.now()) await wait(left, signal);
}

/** The `attempt`th wait (from 1) of an exponential back-off with jitter, in milliseconds. */
export function backoff(attempt: number, firstMs: number, maxMs: number): number {
  const ceiling = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

/** `work`'s result, or `onTimeout`'s error where it takes longer than `ms`. */
export async function within<T>(
  ms: number,
  work: Promise<T>,
  onTimeout: () => PipelineError,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(onTimeout()), ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

/**
 * Does `work` with a signal that is aborted with `signal`, and with a TimeoutError after `ms`. The timer is its
 * own: Node 20 lets go of an AbortSignal.timeout inside AbortSignal.any as soon as memory is collected, and the
 * work then waits without end.
 */
export async function limited<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const stop = (): void => limit.abort(signal.reason);
  const late = new DOMException(`not done in ${ms} ms`, "TimeoutError");
  const timer = setTimeout(() => limit.abort(late), ms);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

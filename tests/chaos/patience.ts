import { setTimeout as sleep } from "node:timers/promises";

const READY_DEADLINE_MS = 180_000;

/** Tries until it succeeds. @throws its last error after `deadlineMs` */
export async function patiently<T>(
  work: () => Promise<T>,
  deadlineMs = READY_DEADLINE_MS,
): Promise<T> {
  for (const since = Date.now(); ;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() - since > deadlineMs) throw error;
      await sleep(100);
    }
  }
}

import { parentPort, workerData } from "node:worker_threads";
import { createLog } from "../log";
import type { WorkerMessage } from "./backfill";
import { backfillPart, type PartArgs, type PartResult } from "./part";

const PROGRESS_MS = 200;

/** One thread of a backfill: its work comes as the worker's data, what it tells goes to its parent. */
async function main(): Promise<void> {
  const tell = (message: WorkerMessage): void => parentPort?.postMessage(message);
  const log = createLog("warn", "json", (line) => {
    tell({ log: String((JSON.parse(line) as { msg: unknown }).msg) });
  });
  let toldAt = 0;
  const onProgress = (progress: PartResult): void => {
    if (Date.now() - toldAt < PROGRESS_MS) return;
    toldAt = Date.now();
    tell({ progress });
  };
  tell({ done: await backfillPart(workerData as PartArgs, log, onProgress) });
}

void main();

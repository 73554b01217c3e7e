import { statSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import { backfillPart, type PartArgs, type PartResult } from "./part";

export interface BackfillArgs extends Omit<PartArgs, "part" | "parts"> {
  /** Threads, each with partitions of its own, so that the order in each stays that of the file. @default 1 */
  workers?: number;
}

/** What a worker tells. */
export type WorkerMessage = { progress: PartResult } | { done: PartResult } | { log: string };

/**
 * Sends the rows of a file, JSON lines or CSV, to a topic. Rows that do not fit the table are left out and told.
 *
 * @param onProgress Told of the share of the file that is read, from 0 to 1, and of the rows acknowledged.
 */
export async function backfill(
  { workers = 1, ...args }: BackfillArgs,
  log: Logger,
  onProgress: (share: number, acked: number) => void = () => undefined,
): Promise<PartResult> {
  const size = statSync(args.file).size;
  const parts = new Map<number, PartResult>();
  const progressOf = (part: number) => (result: PartResult) => {
    parts.set(part, result);
    const all = [...parts.values()];
    const slowest = Math.min(...all.map(({ bytes }) => bytes));
    onProgress(
      size === 0 ? 1 : slowest / size,
      all.reduce((sum, { acked }) => sum + acked, 0),
    );
  };
  if (workers === 1) return backfillPart({ ...args, part: 0, parts: 1 }, log, progressOf(0));
  const results = await Promise.all(
    Array.from({ length: workers }, (_, part) =>
      runWorker({ ...args, part, parts: workers }, log, progressOf(part)),
    ),
  );
  return results.reduce(merge);
}

function runWorker(
  args: PartArgs,
  log: Logger,
  onProgress: (result: PartResult) => void,
): Promise<PartResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(__dirname, "worker.ts"), {
      workerData: args,
      execArgv: ["--require", require.resolve("tsx/cjs")],
    });
    worker.on("message", (message: WorkerMessage) => {
      if ("progress" in message) onProgress(message.progress);
      else if ("log" in message) log.warn(message.log);
      else resolve(message.done);
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a worker ended with exit code ${code}`)));
  });
}

function merge(a: PartResult, b: PartResult): PartResult {
  const error = a.error ?? b.error;
  return {
    lines: a.lines,
    bytes: a.bytes,
    acked: a.acked + b.acked,
    failed: a.failed + b.failed,
    invalid: a.invalid + b.invalid,
    faults: [...a.faults, ...b.faults],
    partitions: { ...a.partitions, ...b.partitions },
    ...(error === undefined ? {} : { error }),
  };
}

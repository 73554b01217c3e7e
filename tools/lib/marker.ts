import { rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readIfThere, writeWhole } from "./files";
import { localDir } from "./paths";

const schema = z.object({ pid: z.number(), startedAt: z.number() });

/** A run of Pulumi that has begun. It stays on disk when the run is killed. */
export type Marker = z.infer<typeof schema>;

const fileOf = (stack: string) => join(localDir, "running", `${stack}.json`);

/** The run that was killed before this one, if any. What the engine holds since `startedAt` may be its doing. */
export function interruptedRun(stack: string): Marker | undefined {
  try {
    return schema.parse(JSON.parse(readIfThere(fileOf(stack)) ?? ""));
  } catch {
    return undefined;
  }
}

/** Notes that a run begins. The start of one that was killed before is kept. */
export function begin(stack: string): void {
  const startedAt = interruptedRun(stack)?.startedAt ?? Date.now();
  writeWhole(fileOf(stack), JSON.stringify({ pid: process.pid, startedAt } satisfies Marker));
}

export function finish(stack: string): void {
  rmSync(fileOf(stack), { force: true });
}

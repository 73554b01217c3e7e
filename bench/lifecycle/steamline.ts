import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../tools/lib/paths";
import { capture, type Finished } from "../../tools/lib/run";
import { UserError } from "../../tools/lib/user-error";
import { followEvents } from "./event-log";
import { phasesOf, type Phase } from "./phases";

/** How long something took, and where the time went. */
export interface Timed {
  ms: number;
  phases: Phase[];
  /** Until rows were in MergeTree. */
  rowsMs?: number;
}

/** One of this project's commands on the measurement's stack, as a person types it. @throws UserError where it fails. */
export async function npmRun(
  stack: string,
  command: string,
  args: readonly string[] = [],
): Promise<Finished> {
  const words = ["run", "-s", command, "--", ...args, "--stack", stack];
  // Pulumi offers its event log only where its own debugging commands are on.
  const env = { ...process.env, PULUMI_DEBUG_COMMANDS: "true" };
  const finished = await capture("npm", words, { cwd: checkout, env });
  if (finished.code === 0) return finished;
  throw new UserError(
    "PULUMI_FAILED",
    `npm ${words.join(" ")} ended with ${finished.code}:\n${(finished.stdout + finished.stderr).trim()}`,
    { fix: `npm run destroy -- --stack ${stack}, and measure again` },
  );
}

/** As `npmRun`, timed from outside. */
export async function timeCommand(stack: string, command: string): Promise<Timed> {
  const startedAt = Date.now();
  const finished = await npmRun(stack, command);
  return { ms: Date.now() - startedAt, phases: [], ...rowsOf(finished) };
}

/** As `timeCommand`, with the phases by Pulumi's event log. Writing and reading that log takes time of its own. */
export async function traceCommand(stack: string, command: string): Promise<Timed> {
  const directory = mkdtempSync(join(tmpdir(), "steamline-bench-"));
  const log = join(directory, "events.jsonl");
  const startedAt = Date.now();
  const stop = followEvents(log, startedAt);
  try {
    const finished = await npmRun(stack, command, ["--event-log", log]);
    const ms = Date.now() - startedAt;
    const rows = rowsOf(finished);
    return { ms, phases: phasesOf({ events: stop(), totalMs: ms, ...rows }), ...rows };
  } finally {
    stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function rowsOf({ stdout }: Finished): { rowsMs?: number } {
  const rowsMs = rowsAfter(stdout);
  return rowsMs === undefined ? {} : { rowsMs };
}

/** Milliseconds by the line `rows after 12 s, ...` that `up` ends with. */
export function rowsAfter(printed: string): number | undefined {
  const told = /^rows after (?:(\d+) min )?([\d.]+) s\b/m.exec(printed);
  return told ? (Number(told[1] ?? 0) * 60 + Number(told[2])) * 1000 : undefined;
}

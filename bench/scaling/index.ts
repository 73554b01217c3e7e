import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stackNames } from "../../infra/names";
import { rows, withClient, type Connection } from "../../infra/clickhouse/client";
import { Load } from "../../tests/chaos/load";
import { asSent, baseOfToday, SNAPSHOT_RECORDS } from "../../tests/chaos/records";
import { createProgress, type Progress } from "../../tools/lib/progress";
import { exitCodes } from "../../tools/lib/user-error";
import { longestGap } from "../evolution/load";
import { describeMachine } from "../lib/machine";
import { readBenchOptions } from "../lib/options";
import { Project } from "../lib/project";
import { isMet, renderReport, type Outcome, type Report } from "./report";
import { sizeOf, type Size } from "./size";
import { cluster, steps } from "./steps";

const STACK = "bench-scaling";
const TRIO = "bench-scaling-3";
const EVERY_MS = 500;
/** Watched after each step, so that a pause that begins late is seen. */
const AFTERWARDS_MS = 3_000;

/**
 * Lets a stack grow by config while records flow, each step by one `npm run up`, and times how long storing paused;
 * then moves its rows to a stack of three brokers.
 * @returns 0 if nothing was lost or repeated, and three brokers were refused in place.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const { json } = readBenchOptions(argv, { rounds: 1 });
  const progress = createProgress();
  const project = new Project();
  try {
    const report = await measure(project, progress);
    process.stdout.write(`${json ? JSON.stringify(report, null, 2) : renderReport(report)}\n`);
    return isMet(report) ? exitCodes.ok : exitCodes.failure;
  } finally {
    for (const stack of [STACK, TRIO])
      await progress.step(`${stack} goes`, () => project.attempt(stack, "destroy"));
    project.close();
  }
}

async function measure(project: Project, progress: Progress): Promise<Report> {
  let config: Record<string, number> = {};
  project.configure(STACK, config);
  await progress.step(`${STACK} comes up`, () => project.run(STACK, "up"));
  const connection = await project.connection(STACK);
  const baseSeconds = baseOfToday();
  const spoolDirectory = mkdtempSync(join(tmpdir(), "steamline-scaling-"));
  const load = new Load({
    kafka: { brokers: (await project.outputs(STACK))["kafkaBootstrapServers"] ?? "" },
    topic: stackNames(STACK).topics.topGames,
    spoolDirectory,
    baseSeconds,
    everyMs: EVERY_MS,
  });
  // The stack's own rows are of today; the load's are of an earlier day.
  const newest = `SELECT toUnixTimestamp(max(fetch_time)) AS id FROM steam_top_games WHERE fetch_time < toDateTime(${baseSeconds + 86_400})`;
  const watched = (work: () => Promise<void>) =>
    longestGap(connection, () => newest, work, AFTERWARDS_MS);
  const outcomes: Outcome[] = [];
  const { topGames } = stackNames(STACK).topics;
  let size: Size;
  let refusal: string;
  try {
    load.start();
    await sleep(5_000);
    outcomes.push({ name: "no change", upMs: 0, gapMs: await watched(() => sleep(5_000)) });
    size = await sizeOf(connection, `${STACK}-kafka`, topGames);
    for (const { name, config: more = {}, edit } of steps) {
      config = { ...config, ...more };
      project.configure(STACK, config);
      edit?.(project);
      let upMs = 0;
      const up = async () => void (upMs = await project.run(STACK, "up"));
      const gapMs = await progress.step(name, () => watched(up));
      outcomes.push({ name, upMs, gapMs });
    }
    project.configure(STACK, { ...config, ...cluster });
    refusal = refusedWith(await project.attempt(STACK, "preview"));
    project.configure(STACK, config);
    await load.signal("SIGTERM");
  } finally {
    await load.signal("SIGKILL");
    rmSync(spoolDirectory, { recursive: true, force: true });
  }
  const sent = load.delivered.size * SNAPSHOT_RECORDS;
  const found = await settled(connection, baseSeconds, sent);
  const move = await moved(project, progress, baseSeconds);
  return {
    machine: describeMachine(),
    recordsPerSecond: (SNAPSHOT_RECORDS * 1000) / EVERY_MS,
    outcomes,
    size,
    refusal,
    move: { ...move, missing: sent - move.loaded },
    sent,
    lost: sent - found.different + load.faults.length,
    repeated: found.seen - found.different,
  };
}

interface Found {
  /** Rows of the load by their keys, as they were sent. */
  different: number;
  /** As a reader sees them. */
  seen: number;
}

/** The load's rows once all that were `sent` are stored, or after a minute. */
async function settled(connection: Connection, baseSeconds: number, sent: number): Promise<Found> {
  const ofLoad = `FINAL WHERE fetch_time < toDateTime(${baseSeconds + 86_400}) AND ${asSent(baseSeconds)}`;
  const sql = `SELECT toUInt32(uniqExact(game_id, fetch_time)) AS different, toUInt32(count()) AS seen FROM steam_top_games ${ofLoad}`;
  const look = async () => {
    const [found] = await withClient(connection, (client) => rows<Found>(client, sql));
    return found ?? { different: 0, seen: 0 };
  };
  const until = Date.now() + 60_000;
  let found = await look();
  while (found.different < sent && Date.now() < until) {
    await sleep(1_000);
    found = await look();
  }
  return found;
}

/** Moves the rows to a stack of three brokers beside the first. */
async function moved(project: Project, progress: Progress, baseSeconds: number) {
  project.configure(TRIO, cluster);
  const file = join(project.directory, "moved.tar");
  const upMs = await progress.step("three brokers beside it", () => project.run(TRIO, "up"));
  const backupMs = await progress.step("back-up", () =>
    project.run(STACK, "backup", ["--out", file]),
  );
  const restoreMs = await progress.step("restore", () =>
    project.run(TRIO, "restore", [file, "--add"]),
  );
  const connection = await project.connection(TRIO);
  const { different } = await settled(connection, baseSeconds, 0);
  const [all] = await withClient(connection, (client) =>
    rows<{ n: number }>(client, "SELECT toUInt32(count()) AS n FROM steam_top_games FINAL"),
  );
  return { upMs, backupMs, restoreMs, rows: all?.n ?? 0, loaded: different };
}

/** The words of a refusal, or none where there was none. */
function refusedWith({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) {
  const line = /a cluster of \d that vote[^\n]*/.exec(stdout + stderr)?.[0] ?? "";
  return code === 0 ? "" : line;
}

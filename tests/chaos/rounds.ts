import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../../tools/lib/progress";
import { checkAudit, checkLetters, checkRows, type Findings } from "./checker";
import type { Fault, Scene } from "./fault";
import { checkAll, type Final } from "./final";
import { Load } from "./load";
import { Poison } from "./poison";
import { Random } from "./random";
import { baseOfToday, SNAPSHOT_RECORDS } from "./records";
import { Site } from "./site";
import { topic, Warehouse } from "./warehouse";
import { Watch } from "./watch";

const RECOVERY_DEADLINE_MS = 180_000;

export interface ChaosArgs {
  rounds: number;
  seed: number;
  /** Struck in a random order, all of them before one comes again. */
  faults: readonly Fault[];
  /** @default 2000 */
  recordsPerSecond?: number;
}

export interface Round {
  fault: string;
  /** From the strike until nothing hindered any more, in milliseconds; so are the others. */
  struckMs: number;
  /** From then until a record more was there, sent after the strike; undefined where none came in time. */
  rowsAgainMs: number | undefined;
  /** From then until a record was there that was sent then. */
  caughtUpMs: number | undefined;
  /** Longest time without new rows, from the strike on. */
  gapMs: number;
  findings: Findings;
}

export interface ChaosReport {
  seed: number;
  rounds: Round[];
  final: Final;
}

/** Strikes again and again while records flow, and checks after each time and at the end that all is well. */
export async function runChaos(args: ChaosArgs, progress: Progress): Promise<ChaosReport> {
  const { seed, rounds: count, faults, recordsPerSecond = 2_000 } = args;
  const random = new Random(seed);
  const baseSeconds = baseOfToday();
  const site = await progress.step("broker and ClickHouse", () =>
    Site.start(faults.some(({ cutsPower }) => cutsPower)),
  );
  let load: Load | undefined;
  let watch: Watch | undefined;
  try {
    const warehouse = await progress.step("sql/", () => Warehouse.deploy(site));
    load = new Load({
      kafka: { brokers: site.brokers },
      topic,
      spoolDirectory: site.spoolDirectory,
      baseSeconds,
      everyMs: (SNAPSHOT_RECORDS / recordsPerSecond) * 1000,
    });
    load.start();
    watch = new Watch(site);
    const scene = { site, load, warehouse, poison: new Poison(site.brokers), random };
    if ((await watch.reaches(0, RECOVERY_DEADLINE_MS)) === undefined)
      throw new Error("no record arrived");
    const rounds: Round[] = [];
    for (const fault of deck(faults, count, random)) {
      const title = `round ${rounds.length + 1} of ${count}: ${fault.name}`;
      rounds.push(await progress.step(title, () => strike(scene, watch!, fault, baseSeconds)));
      const { findings } = rounds.at(-1)!;
      for (const finding of findings) progress.note(finding);
    }
    const final = await progress.step("check of everything", () => checkAll(scene, baseSeconds));
    return { seed, rounds, final };
  } finally {
    await load?.signal("SIGCONT");
    await load?.signal("SIGKILL");
    await watch?.stop();
    await site.close();
  }
}

function deck(faults: readonly Fault[], count: number, random: Random): Fault[] {
  const all: Fault[] = [];
  while (all.length < count) all.push(...random.shuffled(faults));
  return all.slice(0, count);
}

async function strike(
  scene: Scene,
  watch: Watch,
  fault: Fault,
  baseSeconds: number,
): Promise<Round> {
  const { site, load, poison, random } = scene;
  await sleep(random.between(0, 1_500));
  watch.takeGap();
  const [struckAt, sentBefore] = [Date.now(), load.last];
  await fault.strike(scene);
  const [overAt, sentUntil, newest] = [Date.now(), load.last, watch.snapshot];
  const againAt = await watch.reaches(Math.max(sentBefore, newest) + 1, RECOVERY_DEADLINE_MS);
  const caughtUpAt = await watch.reaches(sentUntil + 1, RECOVERY_DEADLINE_MS);
  const gapMs = watch.takeGap();
  const since = (at: number | undefined) => (at === undefined ? undefined : at - overAt);
  const findings = [
    ...(againAt === undefined || caughtUpAt === undefined ? ["rows do not come again"] : []),
    ...(await checkRows(site, load, baseSeconds)),
    ...(await checkLetters(site, poison)),
    ...(await checkAudit(site)),
  ];
  return {
    fault: fault.name,
    struckMs: overAt - struckAt,
    rowsAgainMs: since(againAt),
    caughtUpMs: since(caughtUpAt),
    gapMs,
    findings,
  };
}

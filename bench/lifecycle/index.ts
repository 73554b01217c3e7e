import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listStackObjects, nameObjects } from "../../tools/lib/docker";
import { createProgress } from "../../tools/lib/progress";
import { exitCodes } from "../../tools/lib/user-error";
import { ensureDocker } from "../../tools/setup";
import { describeMachine } from "../lib/machine";
import { readBenchOptions } from "../lib/options";
import { ByHand } from "./by-hand";
import { takeKit } from "./kit";
import { renderReport, reportOf, type Round, type StepName } from "./report";
import { npmRun, timeCommand, traceCommand, type Timed } from "./steamline";

const DEFAULT_STACK = "bench";

/**
 * Times up, up again, preview and destroy of a stack of its own, each beside the same done by hand on the same
 * images in the same round. Tools and images are made ready first, and are not measured.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const { json, rounds, more } = readBenchOptions(
    argv,
    { rounds: 3 },
    {
      stack: { type: "string", value: "NAME", description: `by default ${DEFAULT_STACK}` },
    },
  );
  const stack = more.text("stack") ?? DEFAULT_STACK;
  const progress = createProgress();
  const env = { ...process.env, DOCKER_HOST: (await ensureDocker(progress)).host };
  await progress.step("tools and images", () => npmRun(stack, "preview"));
  if (nameObjects(await listStackObjects(stack, env)).length > 0)
    await progress.step("what is left of an earlier run", () => npmRun(stack, "destroy"));

  const titled =
    (title: string): Step =>
    (what, work) =>
      progress.step(`${title}: ${what}`, work);
  const directory = mkdtempSync(join(tmpdir(), "steamline-bench-"));
  try {
    const [traced, kit] = await life(stack, traceCommand, titled("where the time goes"), () =>
      takeKit(stack, directory, env),
    );
    const hands = new ByHand(kit, stack, env);
    const measured: Round[] = [];
    for (let i = 1; i <= rounds; i++)
      measured.push(await measure(stack, hands, titled(`round ${i} of ${rounds}`)));
    const report = reportOf(describeMachine(), measured, traced);
    process.stdout.write(`${json ? JSON.stringify(report, null, 2) : renderReport(report)}\n`);
    return exitCodes.ok;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type Step = <T>(title: string, work: () => Promise<T>) => Promise<T>;
type Times = Record<StepName, Timed>;

/** A stack's life by this project's commands, with what is done `meanwhile` it is up. */
async function life<T>(
  stack: string,
  time: typeof timeCommand,
  step: Step,
  meanwhile: () => Promise<T>,
): Promise<[Times, T]> {
  const up = await step("up", () => time(stack, "up"));
  const unchanged = await step("up, with no change", () => time(stack, "up"));
  const preview = await step("preview", () => time(stack, "preview"));
  const done = await meanwhile();
  const destroy = await step("destroy", () => time(stack, "destroy"));
  return [{ up, unchanged, preview, destroy }, done];
}

async function measure(stack: string, hands: ByHand, step: Step): Promise<Round> {
  const [steamline] = await life(stack, timeCommand, step, async () => {});
  await hands.remove();
  try {
    const byHand: Times = {
      up: await step("by hand, up", () => hands.up()),
      unchanged: await step("by hand, again", () => hands.upAgain()),
      preview: await step("by hand, a look", () => hands.look()),
      destroy: await step("by hand, removal", () => hands.remove()),
    };
    return {
      up: { steamline: steamline.up, byHand: byHand.up },
      unchanged: { steamline: steamline.unchanged, byHand: byHand.unchanged },
      preview: { steamline: steamline.preview, byHand: byHand.preview },
      destroy: { steamline: steamline.destroy, byHand: byHand.destroy },
    };
  } finally {
    await hands.remove();
  }
}

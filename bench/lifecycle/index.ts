import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listStackObjects, nameObjects } from "../../tools/lib/docker";
import { createProgress, type Progress } from "../../tools/lib/progress";
import { exitCodes } from "../../tools/lib/user-error";
import { ensureDocker } from "../../tools/setup";
import { describeMachine } from "../lib/machine";
import { readBenchOptions } from "../lib/options";
import { ByHand } from "./by-hand";
import { takeKit } from "./kit";
import { renderReport, reportOf, type Round } from "./report";
import { npmRun, timeCommand } from "./steamline";

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

  const measured: Round[] = [];
  for (let i = 1; i <= rounds; i++)
    measured.push(await measure(stack, env, progress, `round ${i} of ${rounds}: `));
  const report = reportOf(describeMachine(), measured);
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : renderReport(report)}\n`);
  return exitCodes.ok;
}

async function measure(
  stack: string,
  env: NodeJS.ProcessEnv,
  progress: Progress,
  round: string,
): Promise<Round> {
  const directory = mkdtempSync(join(tmpdir(), "steamline-bench-"));
  const step = <T>(title: string, work: () => Promise<T>) => progress.step(round + title, work);
  try {
    const up = await step("up", () => timeCommand(stack, "up"));
    const unchanged = await step("up, with no change", () => timeCommand(stack, "up"));
    const preview = await step("preview", () => timeCommand(stack, "preview"));
    const kit = await takeKit(stack, directory, env);
    const destroy = await step("destroy", () => timeCommand(stack, "destroy"));

    const byHand = new ByHand(kit, stack, env);
    await byHand.remove();
    try {
      return {
        up: { steamline: up, byHand: await step("by hand, up", () => byHand.up()) },
        unchanged: {
          steamline: unchanged,
          byHand: await step("by hand, again", () => byHand.upAgain()),
        },
        preview: { steamline: preview, byHand: await step("by hand, a look", () => byHand.look()) },
        destroy: {
          steamline: destroy,
          byHand: await step("by hand, removal", () => byHand.remove()),
        },
      };
    } finally {
      await byHand.remove();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

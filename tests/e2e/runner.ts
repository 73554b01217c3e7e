import { expect } from "vitest";
import type { Job } from "../unit/workflows/workflow";
import { checkout, start } from "./steamline";

/** What stands for GitHub's own values: an expression's pattern, and what a runner makes of it. */
export type Known = readonly (readonly [RegExp, string])[];

/** What a runner makes of the values in `env`. */
export function evaluated(env: Record<string, string> = {}, known: Known): Record<string, string> {
  const all: Known = [...known, [/^github\.workspace$/, checkout]];
  const value = (expression: string) => {
    const found = all.find(([pattern]) => pattern.test(expression));
    if (!found) throw new Error(`the test does not know \${{ ${expression} }}`);
    return found[1];
  };
  return Object.fromEntries(
    Object.entries(env).map(([name, text]) => [
      name,
      text.replace(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => value(expression)),
    ]),
  );
}

/**
 * Runs the steps of a job that run a shell, as a runner does: those for a failure after the first that fails, and no
 * others then. @returns what they printed, and the name of the step that failed
 */
export async function runJob(
  job: Job,
  known: Known,
  env: Record<string, string>,
  allowed?: string,
): Promise<{ printed: string; failed: string | undefined }> {
  let printed = "";
  let failed: string | undefined;
  for (const step of job.steps) {
    if (step.run === undefined) continue;
    const forFailure = step.if?.includes("failure()") ?? false;
    if (forFailure !== (failed !== undefined)) continue;
    const all = { ...evaluated(job.env, known), ...evaluated(step.env, known), ...env };
    const args = ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run];
    const finished = await start("bash", args, all).finished;
    printed += finished.stdout + finished.stderr;
    if (finished.code !== 0) failed ??= step.name ?? "";
    if (failed !== undefined && failed !== allowed)
      expect(finished.code, `${step.name}\n${finished.stdout}\n${finished.stderr}`).toBe(0);
  }
  return { printed, failed };
}

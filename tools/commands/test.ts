import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "../lib/command";
import { addCounts, countLine, readReport, type Counts } from "../lib/counts";
import { checkout, localDir } from "../lib/paths";
import { createProgress } from "../lib/progress";
import { handOver } from "../lib/run";
import { chosenStack, openFullSession } from "../lib/session";
import { exitCodes, UserError } from "../lib/user-error";

/** In this order: what fails early is cheap. */
const PROJECTS = ["unit", "unit-mocks", "closure", "sql", "image", "chaos", "e2e"] as const;
/** Projects that take long, and run only where they are named. */
const BY_NAME = ["faults", "stacks"] as const;
/** Projects whose files may share a process. */
const SHARED_PROCESS = new Set<string>(["unit"]);
/** Projects that need a Docker engine and images. */
const CONTAINERS = new Set<string>(["image", "chaos", "faults", "stacks", "e2e"]);

export const command: Command = {
  summary: "sets everything up and runs all tests: unit, closure, sql, image, chaos, e2e",
  usage: "[--project NAME] [vitest's options and file names]",
  options: {
    project: {
      type: "string",
      value: "NAME",
      description: `only one of ${[...PROJECTS, ...BY_NAME].join(", ")}`,
    },
  },
  passOn: true,
  async run(args) {
    const only = args.text("project");
    const all = [...PROJECTS, ...BY_NAME];
    const projects = only === undefined ? PROJECTS : all.filter((project) => project === only);
    if (projects.length === 0) {
      throw new UserError("USAGE", `there is no test project ${only}`, {
        fix: `use one of ${all.join(", ")}`,
      });
    }
    let env = process.env;
    if (projects.some((project) => CONTAINERS.has(project))) {
      const stack = process.env["STEAMLINE_E2E_STACK"] ?? chosenStack(undefined);
      env = { ...(await openFullSession(stack, createProgress())).env };
      // The tests say themselves which stack they are about.
      delete env["PULUMI_STACK"];
    }
    let total: Counts = { passed: 0, failed: 0, skipped: 0 };
    for (const project of projects)
      total = addCounts(total, await runProject(project, args.rest, env));
    process.stdout.write(`\n${countLine(total)}\n`);
    return total.failed === 0 && total.passed > 0 ? exitCodes.ok : exitCodes.failure;
  },
};

async function runProject(
  project: string,
  rest: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Counts> {
  const report = join(localDir, "tests", `${project}.json`);
  rmSync(report, { force: true });
  process.stdout.write(`\n== ${project}\n`);
  const vitest = join(checkout, "node_modules", "vitest", "vitest.mjs");
  // Tests with containers take seconds each, so each is told as it ends.
  const told = CONTAINERS.has(project) ? "verbose" : "default";
  const reporters = [`--reporter=${told}`, "--reporter=json", `--outputFile.json=${report}`];
  const shared = SHARED_PROCESS.has(project) ? ["--no-isolate"] : [];
  const projectArgs = ["run", "--project", project, "--passWithNoTests", ...shared];
  const args = [vitest, ...projectArgs, ...reporters, ...rest];
  const code = await handOver(process.execPath, args, { cwd: checkout, env });
  let text: string | undefined;
  try {
    text = readFileSync(report, "utf8");
  } catch {
    text = undefined;
  }
  return readReport(text, code);
}

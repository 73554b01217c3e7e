import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { checkout } from "../../../tools/lib/paths";

export interface Step {
  name?: string;
  uses?: string;
  run?: string;
  if?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}

export interface Job {
  name?: string;
  if?: string;
  environment?: string;
  "runs-on": string;
  "timeout-minutes"?: number;
  permissions?: Record<string, string>;
  env?: Record<string, string>;
  steps: Step[];
}

export interface Workflow {
  name: string;
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  concurrency?: { group: string; "cancel-in-progress"?: boolean | string };
  jobs: Record<string, Job>;
}

const directory = join(checkout, ".github", "workflows");

export const workflowNames = readdirSync(directory).filter((name) => name.endsWith(".yml"));

export const workflowText = (name: string) => readFileSync(join(directory, name), "utf8");

export const readWorkflow = (name: string) => parse(workflowText(name)) as Workflow;

/** The steps of all jobs that run a shell. */
export function runSteps(workflow: Workflow): (Step & { run: string })[] {
  return Object.values(workflow.jobs)
    .flatMap(({ steps }) => steps)
    .filter((step): step is Step & { run: string } => step.run !== undefined);
}

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkout } from "../../../tools/lib/paths";
import { readWorkflow, runSteps, workflowNames, workflowText } from "./workflow";

const { scripts } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

describe.each(workflowNames)("%s", (name) => {
  const workflow = readWorkflow(name);
  const jobs = Object.values(workflow.jobs);

  it("pins every action by commit, and says of which version that is", () => {
    const uses = workflowText(name)
      .split("\n")
      .filter((line) => /\buses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) {
      expect(line).toMatch(/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it("ends by itself, and never runs twice at once on the same thing", () => {
    for (const job of jobs) expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
    expect(workflow.concurrency?.group).toBeTruthy();
  });

  it("may read the repository, and nothing else without a job that asks for it", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    for (const { permissions = {} } of jobs) {
      expect(Object.keys({ contents: "read", "pull-requests": "write", issues: "write" })).toEqual(
        expect.arrayContaining(Object.keys(permissions)),
      );
      expect(permissions["contents"] ?? "read").toBe("read");
    }
  });

  it("leaves no token behind for the code it checks out", () => {
    const checkouts = jobs
      .flatMap(({ steps }) => steps)
      .filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.length).toBe(jobs.length);
    for (const step of checkouts) expect(step.with?.["persist-credentials"]).toBe(false);
  });

  it("puts nothing from outside into a shell's text", () => {
    for (const { run } of runSteps(workflow)) expect(run).not.toContain("${{");
  });

  it("calls only commands that package.json has", () => {
    const called = runSteps(workflow).flatMap(({ run }) =>
      [...run.matchAll(/npm run (?:-s )?([\w:]+)/g)].map((match) => match[1] ?? ""),
    );
    expect(called.filter((command) => !(command in scripts))).toEqual([]);
  });
});

describe("preview.yml", () => {
  const workflow = readWorkflow("preview.yml");

  it("runs on pull requests with their own rights, never with those of the repository", () => {
    expect(Object.keys(workflow.on)).toEqual(["pull_request"]);
  });

  it("gives secrets and the comment's token to the steps that need them, and to no fork", () => {
    const job = workflow.jobs["preview"]!;
    expect(JSON.stringify(job.env)).not.toMatch(/secrets\.|token/);
    for (const step of job.steps) {
      for (const [key, value] of Object.entries(step.env ?? {})) {
        const guarded = value.includes("env.SAME_REPOSITORY == 'true' &&");
        const guardedStep = step.if?.includes("env.SAME_REPOSITORY == 'true'") ?? false;
        expect(guarded || guardedStep, `${step.name}: ${key}`).toBe(true);
      }
    }
  });

  it("keeps one preview of a stack for each pull request", () => {
    expect(workflow.concurrency).toEqual({
      group: "preview-dev-${{ github.event.pull_request.number }}",
      "cancel-in-progress": true,
    });
  });
});

describe("registry.yml", () => {
  const runs = runSteps(readWorkflow("registry.yml")).map(({ run }) => run);

  it("runs each night and when asked", () => {
    expect(Object.keys(readWorkflow("registry.yml").on)).toEqual(["schedule", "workflow_dispatch"]);
  });

  it("brings the stack up, looks at it, and destroys it at last", () => {
    expect(runs).toContain("npm run up");
    expect(runs).toContain("npm run status -- --json --wait");
    expect(runs).toContain("npm run destroy");
  });

  it("tries a cluster of ClickHouse on official images, and leaves none of it", () => {
    expect(readWorkflow("registry.yml").jobs["cluster"]?.env).toEqual({
      STEAMLINE_OFFICIAL_IMAGES: "1",
    });
    expect(runs).toContain("npm test -- --project stacks clickhouse-cluster");
    expect(runs.at(-1)).toBe("npm run destroy -- --stack quartet");
  });
});

describe("pr-stack.yml", () => {
  const workflow = readWorkflow("pr-stack.yml");

  it("runs no fork's code on a machine of one's own", () => {
    expect(Object.keys(workflow.on)).toEqual(["pull_request"]);
    for (const job of Object.values(workflow.jobs))
      expect(job.if).toMatch(
        /^github\.event\.pull_request\.head\.repo\.full_name == github\.repository && /,
      );
  });

  it("does one thing at a time on a pull request's stack, and lets it end", () => {
    expect(workflow.concurrency).toEqual({
      group: "stack-pr-${{ github.event.pull_request.number }}",
      "cancel-in-progress": false,
    });
  });
});

describe.each(["deploy.yml", "drift.yml"])("%s", (name) => {
  it("has its secrets from the environment that a person guards, and never meets the other", () => {
    const workflow = readWorkflow(name);
    expect(workflow.jobs["prod"]?.environment).toBe("prod");
    expect(workflow.concurrency).toEqual({ group: "deploy-prod", "cancel-in-progress": false });
  });
});

describe("nightly.yml", () => {
  it("runs what takes too long for each change: faults, many stacks, ten million rows, measurements", () => {
    expect(runSteps(readWorkflow("nightly.yml")).map(({ run }) => run)).toEqual([
      "npm test -- --project faults",
      "npm test -- --project stacks",
      "npm run bench -- scaling",
      "npm run bench -- producer --end-to-end 10000000",
      "npm run bench -- producer",
      'sudo -E env "PATH=$PATH" npm run test:chaos -- --rounds 60',
      'sudo -E env "PATH=$PATH" npm test -- --project stacks several-hosts',
    ]);
  });
});

describe(".ci/run", () => {
  const file = join(checkout, ".ci", "run");

  it("is what ci.yml calls, and can be run", () => {
    expect(runSteps(readWorkflow("ci.yml")).map(({ run }) => run)).toEqual([".ci/run"]);
    expect(existsSync(file) && statSync(file).mode & 0o111).toBeTruthy();
  });

  it("runs the README's test command, style and types", () => {
    const text = readFileSync(file, "utf8");
    for (const command of ["npm test", "npm run lint", "npm run typecheck"]) {
      expect(text).toContain(command);
    }
  });
});

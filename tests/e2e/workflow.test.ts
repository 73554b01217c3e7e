import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FakeGitHub } from "../unit/tools/lib/github";
import { readWorkflow, runSteps } from "../unit/workflows/workflow";
import { checkout, stack, start } from "./steamline";

/** A stack in a backend of its own, which is looked at and never brought up. */
const previewed = "e2e-preview";
const token = "not-a-real-token";
const drawings = "https://github.example/acme/pipeline/artifacts/1";
const job = readWorkflow("preview.yml").jobs["preview"]!;
let dir: string;
let github: FakeGitHub;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "steamline-workflow-"));
  mkdirSync(join(dir, "state"));
  writeFileSync(join(dir, "event.json"), JSON.stringify({ pull_request: { number: 7 } }));
  github = await new FakeGitHub(token).start();
});

afterAll(() => {
  github.stop();
  rmSync(dir, { recursive: true, force: true });
  rmSync(join(checkout, ".steamline", "preview.md"), { force: true });
  for (const place of ["settings", "config", "config/edit", "running"]) {
    for (const name of [`Pulumi.${previewed}.yaml`, `${previewed}.json`]) {
      rmSync(join(checkout, ".steamline", place, name), { force: true });
    }
  }
});

/** What a runner makes of the values in `env`, on a pull request from the repository itself. */
function evaluated(env: Record<string, string> = {}): Record<string, string> {
  const known: [RegExp, string][] = [
    [/^github\.workspace$/, checkout],
    [/^github\.token$/, token],
    [/^github\.event\.pull_request\.base\.sha$/, "HEAD"],
    [/^steps\.pictures\.outputs\.artifact-url$/, drawings],
    [/^github\.event\.pull_request\.head\.repo\.full_name == github\.repository$/, "true"],
    [/ vars\.PULUMI_BACKEND_URL /, `file://${join(dir, "state")}`],
    [/ secrets\.PULUMI_\w+ /, ""],
  ];
  const value = (expression: string) => {
    const found = known.find(([pattern]) => pattern.test(expression));
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

/** Runs the steps of the job that run a shell, as a runner does, up to the first that fails. */
async function runJob(): Promise<string> {
  const runner = {
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: github.url,
    GITHUB_EVENT_PATH: join(dir, "event.json"),
    GITHUB_REPOSITORY: "acme/pipeline",
    GITHUB_STEP_SUMMARY: join(dir, "step-summary.md"),
  };
  let printed = "";
  for (const step of runSteps(readWorkflow("preview.yml"))) {
    const env = { ...runner, ...evaluated(job.env), ...evaluated(step.env) };
    const args = ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run];
    const finished = await start("bash", args, { ...env, PULUMI_STACK: previewed }).finished;
    printed += finished.stdout + finished.stderr;
    expect(finished.code, `${step.name}\n${finished.stdout}\n${finished.stderr}`).toBe(0);
  }
  return printed;
}

describe("preview.yml", () => {
  it("puts a summary of the preview on the pull request", async () => {
    const printed = await runJob();
    expect(github.comments).toHaveLength(1);
    const { body } = github.comments[0]!;
    expect(body.split("\n")[0]).toBe(`<!-- steamline preview of ${previewed} -->`);
    expect(body).toMatch(/\d+ to create, 0 unchanged\./);
    expect(body).toMatch(/^\| `steam_top_games` \| .* \| create \|/m);
    const link = `\n[Dashboards before and after](${drawings})\n`;
    expect(`${readFileSync(join(dir, "step-summary.md"), "utf8")}${link}`).toBe(body);
    expect(printed).not.toContain(token);
  });

  it("draws every dashboard before and after, for the artifact that the comment links", () => {
    const pictures = evaluated(job.env)["PICTURES"]!;
    const pages = (when: string) => readdirSync(join(pictures, when)).sort();
    expect(pages("after")).toEqual(
      readdirSync(join(checkout, `.steamline/${stack}/dashboards`))
        .map((file) => file.replace(/json$/, "html"))
        .sort(),
    );
    expect(pages("before")).toEqual(pages("after"));
    expect(readFileSync(join(pictures, "index.html"), "utf8")).toContain("before/");
  });

  it("updates the same comment after the next push", async () => {
    await runJob();
    expect(github.comments).toHaveLength(1);
    expect(github.requests.at(-1)).toMatch(/^PATCH /);
  });
});

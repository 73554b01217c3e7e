import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FakeGitHub } from "../unit/tools/lib/github";
import { readWorkflow } from "../unit/workflows/workflow";
import { evaluated, runJob, type Known } from "./runner";
import { checkout, stack } from "./steamline";

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

/** A pull request from the repository itself. */
const known = (): Known => [
  [/^github\.token$/, token],
  [/^github\.event\.pull_request\.base\.sha$/, "HEAD"],
  [/^steps\.pictures\.outputs\.artifact-url$/, drawings],
  [/^github\.event\.pull_request\.head\.repo\.full_name == github\.repository$/, "true"],
  [/ vars\.PULUMI_BACKEND_URL /, `file://${join(dir, "state")}`],
  [/ secrets\.PULUMI_\w+ /, ""],
];

async function runPreview(): Promise<string> {
  const { printed } = await runJob(job, known(), {
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: github.url,
    GITHUB_EVENT_PATH: join(dir, "event.json"),
    GITHUB_REPOSITORY: "acme/pipeline",
    GITHUB_STEP_SUMMARY: join(dir, "step-summary.md"),
    PULUMI_STACK: previewed,
  });
  return printed;
}

describe("preview.yml", () => {
  it("puts a summary of the preview on the pull request", async () => {
    const printed = await runPreview();
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
    const pictures = evaluated(job.env, known())["PICTURES"]!;
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
    await runPreview();
    expect(github.comments).toHaveLength(1);
    expect(github.requests.at(-1)).toMatch(/^PATCH /);
  });
});

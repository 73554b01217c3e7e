import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stackPorts } from "../../infra/names";
import { FakeGitHub } from "../unit/tools/lib/github";
import { readWorkflow } from "../unit/workflows/workflow";
import { runJob, type Known } from "./runner";
import { checkout, leftovers, npm, start } from "./steamline";

const number = 907;
const stack = `pr-${number}`;
const token = "not-a-real-token";
const passphrase = "known to this test alone";
let dir: string;
let github: FakeGitHub;
let env: Record<string, string>;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "steamline-deploy-"));
  mkdirSync(join(dir, "state"));
  writeFileSync(join(dir, "event.json"), JSON.stringify({ pull_request: { number } }));
  github = await new FakeGitHub(token, undefined, number).start();
  env = {
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: github.url,
    GITHUB_EVENT_PATH: join(dir, "event.json"),
    GITHUB_REPOSITORY: "acme/pipeline",
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_BACKEND_URL: `file://${join(dir, "state")}`,
  };
});
afterAll(async () => {
  github.stop();
  await npm("destroy", ["--stack", stack], env);
  rmSync(dir, { recursive: true, force: true });
  for (const file of ["stack.md", "drift.md"])
    rmSync(join(checkout, ".steamline", file), { force: true });
});

const known = (): Known => [
  [/^github\.token$/, token],
  [/^github\.event\.pull_request\.number$/, String(number)],
  [/^vars\.PULUMI_BACKEND_URL$/, ""],
  [/^secrets\.PULUMI_ACCESS_TOKEN$/, ""],
  [/^secrets\.PULUMI_CONFIG_PASSPHRASE$/, passphrase],
];
const run = (file: string, job: string, more = {}, allowed?: string) =>
  runJob(readWorkflow(file).jobs[job]!, known(), { ...env, ...more }, allowed);
/** What is meant for production, on this stack. */
const here = { PULUMI_STACK: stack };

describe("a pull request's stack", () => {
  it("comes up by its label, and its URLs stand in a comment", async () => {
    const { printed } = await run("pr-stack.yml", "up");
    expect(github.comments.map(({ body }) => body.split("\n")[0])).toEqual([
      `<!-- steamline stack ${stack} -->`,
    ]);
    expect(github.comments[0]!.body).toContain("is up, all hops healthy");
    expect(github.comments[0]!.body).toContain(`http://localhost:${stackPorts(stack).clickhouse} `);
    expect(printed).not.toContain(token);
  });

  it("is deployed again as an environment is, held against the policy first", async () => {
    const { printed } = await run("deploy.yml", "prod", here);
    expect(printed).toContain(`policy: ${stack} keeps all rules`);
    expect(printed).toContain("all hops healthy");
  });

  it("has not drifted, and then has, which one issue tells", async () => {
    expect((await run("drift.yml", "prod", here)).failed).toBeUndefined();
    expect(github.issues).toEqual([]);
    await byHand("ALTER TABLE steam_game_details COMMENT COLUMN currency 'changed by hand'");
    for (let night = 0; night < 2; night++) {
      const compare = "Compare with what stands";
      expect((await run("drift.yml", "prod", here, compare)).failed).toBe(compare);
      expect(github.issues).toMatchObject([
        { title: `The stack ${stack} has drifted`, body: expect.stringContaining("steam_game_details") as string }, // prettier-ignore
      ]);
    }
  });

  it("goes without a trace, and the comment says so", async () => {
    await run("pr-stack.yml", "destroy");
    expect(await leftovers(stack)).toEqual([]);
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]!.body).toContain(`The stack \`${stack}\` was destroyed.`);
  });
});

async function byHand(sql: string): Promise<void> {
  const args = ["run", "-s", "pulumi", "--", "stack", "output", "--json", "--show-secrets"];
  const { stdout } = await start("npm", [...args, "--stack", stack], env).finished;
  const { clickhouseUrl, adminPassword } = JSON.parse(stdout) as Record<string, string>;
  const response = await fetch(`${clickhouseUrl}/`, {
    method: "POST",
    body: sql,
    headers: { "X-ClickHouse-User": "admin", "X-ClickHouse-Key": adminPassword ?? "" },
  });
  expect(response.ok, await response.text()).toBe(true);
}

import { createServer, type Server } from "node:net";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { stackPorts } from "../../infra/names";
import { projectName } from "../../tools/lib/paths";
import { checkout, leftovers, npm, query, stack } from "./steamline";

/** A stack that never comes up: every test here fails before anything is created. */
const refused = "e2e-refused";
const file = join(checkout, `Pulumi.${refused}.yaml`);
let server: Server | undefined;

afterEach(async () => {
  rmSync(file, { force: true });
  await new Promise<void>((done) => (server ? server.close(() => done()) : done()));
  server = undefined;
});

const configure = (values: Record<string, string | number>) =>
  writeFileSync(
    file,
    `config:\n${Object.entries(values)
      .map(([key, value]) => `  ${key}: ${value}\n`)
      .join("")}`,
  );

async function refusal(
  command: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const finished = await npm(command, ["--stack", refused, ...args], env);
  const printed = finished.stdout + finished.stderr;
  expect(finished.code, printed).not.toBe(0);
  expect(printed).not.toMatch(/^\s+at .*\.(ts|js|cjs):\d+/m);
  expect(await leftovers(refused)).toEqual([]);
  return printed;
}

describe("a fault of the config is told before anything is created", () => {
  it("unknown keys and values out of range, all at once", async () => {
    configure({ partitons: 3, replicationFactor: 3, retentionHours: 0 });
    const printed = await refusal("up");
    expect(printed).toMatch(/partitons: no such key\. Did you mean partitions\?/);
    expect(printed).toMatch(/replicationFactor: 3 is more than the 1 broker/);
    expect(printed).toMatch(/retentionHours: "0" is not allowed/);
  });

  it("a value of the wrong type", async () => {
    configure({ partitions: "many" });
    expect(await refusal("up")).toMatch(/partitions/);
  });

  it("an image that does not exist", async () => {
    configure({ kafkaImage: "steamline/kafka:no-such-tag" });
    const printed = await npm("up", ["--stack", refused]);
    expect(printed.code).not.toBe(0);
    expect(printed.stdout + printed.stderr).toMatch(/steamline\/kafka:no-such-tag/);
    await npm("destroy", ["--stack", refused]);
    expect(await leftovers(refused)).toEqual([]);
  });
});

describe("the policy", () => {
  it("refuses a stack for production before anything is created, and tells every rule that is not kept", async () => {
    const name = "prod-e2e";
    const args = ["--stack", name, "--config", `${projectName()}:protectData=false`];
    const up = await npm("up", args);
    const printed = up.stdout + up.stderr;
    expect(up.code, printed).toBe(1);
    expect(printed).toContain("mandatory  replication");
    expect(printed).toContain("mandatory  protected-data");
    expect(await leftovers(name)).toEqual([]);
    const told = await npm("preview", [...args, "--policy", "--json"]);
    expect(told.code).toBe(1);
    const { violations } = JSON.parse(told.stdout) as { violations: { rule: string }[] };
    expect(new Set(violations.map(({ rule }) => rule))).toEqual(
      new Set(["replication", "protected-data", "kafka-clients"]),
    );
  });
});

describe("a fault of the machine is told before anything is created", () => {
  it("a port in use, and by which process", async () => {
    const port = stackPorts(refused).kafka;
    server = createServer().listen(port, "127.0.0.1");
    const printed = await refusal("up");
    expect(printed).toContain(String(port));
    expect(printed).toMatch(new RegExp(`node|${process.pid}`));
  });

  it("a Docker engine that does not answer", async () => {
    const printed = await refusal("up", [], { DOCKER_HOST: "unix:///nowhere/docker.sock" });
    expect(printed).toMatch(/Docker/);
    expect(printed).toMatch(/nowhere\/docker\.sock/);
  });
});

describe("a wrong passphrase", () => {
  it("is told as such, and changes nothing", async () => {
    const finished = await npm("preview", ["--stack", stack], {
      PULUMI_CONFIG_PASSPHRASE: "not-the-one",
    });
    expect(finished.code).not.toBe(0);
    expect(finished.stdout + finished.stderr).toMatch(/passphrase/i);
    expect(Number(await query("SELECT count() FROM steam_top_games"))).toBeGreaterThan(0);
    const kept = join(checkout, ".steamline", "passphrase");
    expect(existsSync(kept) && readFileSync(kept, "utf8").trim().length).toBeGreaterThan(20);
  });
});

describe("protected data", () => {
  it("refuses a destroy by naming rows and bytes, and goes with --delete-data", async () => {
    configure({ protectData: "true" });
    const up = await npm("up", ["--stack", refused]);
    expect(up.code, up.stdout + up.stderr).toBe(0);
    const denied = await npm("destroy", ["--stack", refused]);
    expect(denied.code).not.toBe(0);
    expect(denied.stdout + denied.stderr).toMatch(/\d+ rows/);
    expect(denied.stdout + denied.stderr).toMatch(/--delete-data/);
    expect((await leftovers(refused)).length).toBeGreaterThan(3);
    const destroyed = await npm("destroy", ["--stack", refused, "--delete-data"]);
    expect(destroyed.code, destroyed.stdout + destroyed.stderr).toBe(0);
    expect(await leftovers(refused)).toEqual([]);
  });
});

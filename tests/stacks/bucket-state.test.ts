import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Project } from "../../bench/lib/project";
import { projectName } from "../../tools/lib/paths";
import { canInstall } from "../../tools/setup/apt";
import { findGo } from "../../tools/setup/toolchain/go";
import { checkout, leftovers, npm, type Finished } from "../e2e/steamline";
import { Bucket } from "./fake-s3";

const stack = "stacks-bucket";
const PASSPHRASE = "a passphrase of the team";
/** The file in which Pulumi keeps the stack. */
const stateFile = `.pulumi/stacks/${projectName()}/${stack}.json`;
const directory = mkdtempSync(join(tmpdir(), "steamline-state-"));
let bucket: Bucket;
let colleague: Project;
let env: NodeJS.ProcessEnv;

const done = ({ code, stdout, stderr }: Finished): string => {
  expect(code, stdout + stderr).toBe(0);
  return stdout;
};
/** A command in this checkout, with the state in the bucket. */
const here = (command: string, args: string[] = [], more: NodeJS.ProcessEnv = {}) =>
  npm(command, ["--stack", stack, ...args], { ...env, ...more });
/** The same in a checkout that knows nothing of the stack. */
const elsewhere = (command: string, args: string[] = []) =>
  colleague.attempt(stack, command, args, env);

// The server is built here. A machine without Go leaves it to CI.
const cannotBuild = findGo() === undefined && !canInstall();

beforeAll(async () => {
  if (cannotBuild) return;
  bucket = await Bucket.open();
  colleague = new Project(false);
  env = { ...bucket.env, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
});
afterAll(async () => {
  if (cannotBuild) return;
  await here("destroy");
  await bucket.close();
  colleague.close();
  rmSync(directory, { recursive: true });
});

describe.skipIf(cannotBuild)("state in a bucket that speaks S3", () => {
  it("is all that up leaves of the stack: there, encrypted, and nowhere in the checkout", async () => {
    done(await here("up"));
    const names = await bucket.list();
    expect(names).toContain(`steamline/${stateFile}`);
    expect(existsSync(join(checkout, ".steamline", "state", stateFile))).toBe(false);
    const told = done(await here("pulumi", ["stack", "output", "--json", "--show-secrets"]));
    const { adminPassword } = JSON.parse(told) as { adminPassword: string };
    expect(adminPassword.length).toBeGreaterThan(20);
    const texts = await Promise.all(names.map((name) => bucket.read(name)));
    expect(texts.join("")).toContain("ciphertext");
    expect(texts.filter((text) => text.includes(adminPassword))).toEqual([]);
  });

  it("is found by another checkout, which sees no change and all hops healthy", async () => {
    done(await elsewhere("preview", ["--expect-no-changes"]));
    const status = done(await elsewhere("status", ["--json"]));
    expect(JSON.parse(status)).toMatchObject({ stack, healthy: true });
  });

  it("opens to its passphrase alone", async () => {
    const preview = await here("preview", [], { PULUMI_CONFIG_PASSPHRASE: "another" });
    expect(preview.code).not.toBe(0);
    expect(preview.stdout + preview.stderr).toMatch(/passphrase/i);
  });

  it("moves to files and back by export and import, and is the same stack there", async () => {
    const file = join(directory, "moved.json");
    mkdirSync(join(directory, "state"));
    const files = { PULUMI_BACKEND_URL: `file://${join(directory, "state")}` };
    done(await here("pulumi", ["stack", "export", "--show-secrets", "--file", file]));
    done(await here("preview", [], files));
    done(await here("pulumi", ["stack", "import", "--file", file], files));
    done(await here("preview", ["--refresh", "--expect-no-changes"], files));
    done(await here("pulumi", ["stack", "export", "--show-secrets", "--file", file], files));
    done(await here("pulumi", ["stack", "import", "--file", file]));
    done(await here("preview", ["--expect-no-changes"]));
  });

  it("lets another checkout destroy the stack without a trace", async () => {
    done(await elsewhere("destroy"));
    expect(await leftovers(stack)).toEqual([]);
    done(await elsewhere("pulumi", ["stack", "rm", "--yes"]));
    expect(await bucket.list()).not.toContain(`steamline/${stateFile}`);
  });
});

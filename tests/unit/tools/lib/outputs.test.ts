import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readOutputs, type Outputs } from "../../../../tools/lib/outputs";
import { sampleOutputs } from "./sample-outputs";
import { stubSession } from "./session-stub";
import { projectName } from "../../../../tools/lib/paths";

const own = projectName();

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "steamline-outputs-"));
  mkdirSync(join(dir, "stacks", own), { recursive: true });
  writeFileSync(join(dir, "stacks", own, "dev.json"), "{}");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A `pulumi` that prints `stdout` and `stderr`, and ends with `code`. */
function answering(stdout: string, stderr = "", code = 0) {
  const file = join(dir, "pulumi");
  writeFileSync(join(dir, "out"), stdout);
  writeFileSync(join(dir, "err"), stderr);
  writeFileSync(file, `#!/bin/sh\ncat "${dir}/out"\ncat "${dir}/err" >&2\nexit ${code}\n`);
  chmodSync(file, 0o755);
  return stubSession(dir, file);
}

describe("readOutputs", () => {
  it("reads what a deployed stack tells", async () => {
    expect(await readOutputs(answering(JSON.stringify(sampleOutputs)))).toEqual(sampleOutputs);
  });

  it("says that there is no such stack, and how to make it", async () => {
    rmSync(join(dir, "stacks"), { recursive: true });
    await expect(readOutputs(answering("{}"))).rejects.toMatchObject({
      code: "STACK_MISSING",
      message: "there is no stack dev",
      more: { fix: "npm run up -- --stack dev" },
    });
  });

  it("names what a stack lacks that is only half up", async () => {
    const half: Partial<Outputs> = { ...sampleOutputs };
    delete half.producerUrl;
    await expect(readOutputs(answering(JSON.stringify(half)))).rejects.toMatchObject({
      code: "STACK_MISSING",
      message: "the stack dev is not up: it has no output producerUrl",
    });
  });

  it("explains what Pulumi says where it fails", async () => {
    const failing = answering("", "error: get snapshot: incorrect passphrase\n", 255);
    await expect(readOutputs(failing)).rejects.toMatchObject({ code: "PASSPHRASE" });
    const other = answering("", "error: something else\n", 255);
    await expect(readOutputs(other)).rejects.toMatchObject({ message: "something else" });
  });
});

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkout } from "../../../tools/lib/paths";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "steamline-ci-"));
  mkdirSync(join(dir, ".ci"));
  mkdirSync(join(dir, "bin"));
  cpSync(join(checkout, ".ci", "run"), join(dir, ".ci", "run"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function program(name: string, script: string) {
  writeFileSync(join(dir, "bin", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(dir, "bin", name), 0o755);
}

/** Runs .ci/run where `npm test` and `npm run NAME` do what is given, and set-up ends with `setup`. */
function run(test: string, others = "exit 0", setup = "exit 0") {
  program("node", setup);
  program("npm", `if [ "$1" = test ]; then\n${test}\nelse\n${others}\nfi`);
  const env = { ...process.env, PATH: [join(dir, "bin"), process.env["PATH"]].join(delimiter) };
  const finished = spawnSync(join(dir, ".ci", "run"), { env, encoding: "utf8" });
  return { code: finished.status, last: finished.stdout.trimEnd().split("\n").at(-1) };
}

describe(".ci/run", () => {
  it("is a shell script without a fault of grammar", () => {
    execFileSync("bash", ["-n", join(checkout, ".ci", "run")]);
  });

  it("ends with a plain count, in which style and types are one check each", () => {
    expect(run("echo '40 passed, 0 failed'")).toEqual({ code: 0, last: "42 passed, 0 failed" });
  });

  it.each([
    ["a failed test", "echo '40 passed, 2 failed'\nexit 1", "exit 0", "42 passed, 2 failed"],
    ["a failed style check", "echo '40 passed, 0 failed'", "exit 1", "40 passed, 2 failed"],
    ["tests that never came to a count", "echo boom\nexit 1", "exit 0", "2 passed, 1 failed"],
    ["tests that ended badly", "echo '3 passed, 0 failed'\nexit 1", "exit 0", "5 passed, 1 failed"],
  ])("fails on %s", (_what, test, others, last) => {
    expect(run(test, others)).toEqual({ code: 1, last });
  });

  it("ends with the count although npm has the last word on a failure", () => {
    const test = "echo '1 passed, 1 failed, 3 skipped'\necho 'npm error code 1' >&2\nexit 1";
    expect(run(test)).toEqual({ code: 1, last: "3 passed, 1 failed, 3 skipped" });
  });

  it("fails at once where packages cannot be had", () => {
    expect(run("exit 0", "exit 0", "exit 1")).toEqual({ code: 1, last: "0 passed, 1 failed" });
  });
});

import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { healthCheck, httpHealthCommand } from "../../../infra/health";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "health-"));
  mkdirSync(join(dir, "1"));
  writeFileSync(join(dir, "sleep"), `#!/bin/sh\necho "$1" >> ${dir}/slept\n`);
  chmodSync(join(dir, "sleep"), 0o755);
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Runs the check as Docker would in a container of that age, with a /proc and a `sleep` of its own. */
function check(ageSeconds: number, command: readonly string[]) {
  writeFileSync(join(dir, "uptime"), `${5000 + ageSeconds}.37 9000.00\n`);
  // Fields 3 to 21 stand between the name, which may hold anything, and the start.
  writeFileSync(join(dir, "1", "stat"), `1 (a b) c) S ${"0 ".repeat(18)}500000 7 8\n`);
  const [kind, script = ""] = healthCheck(command).tests;
  expect(kind).toBe("CMD-SHELL");
  const { status } = spawnSync("sh", ["-c", script.replaceAll("/proc/", `${dir}/`)], {
    env: { PATH: `${dir}:${process.env["PATH"]}` },
  });
  const slept = (() => {
    try {
      return readFileSync(join(dir, "slept"), "utf8").trim();
    } catch {
      return undefined;
    }
  })();
  return { status, slept };
}

describe("a container's health check", () => {
  it("asks a young container at once, and passes the answer on", () => {
    expect(check(11, ["true"])).toEqual({ status: 0, slept: undefined });
    expect(check(0, ["false"])).toEqual({ status: 1, slept: undefined });
  });

  it.each([
    [12, "1"],
    [30, "4"],
    [60, "9"],
    [86_400, "9"],
  ])("waits the longer the longer it has been up: %i seconds", (age, pause) => {
    expect(check(age, ["true"])).toEqual({ status: 0, slept: pause });
  });

  it("passes the answer of an old one on as well", () => {
    expect(check(86_400, ["false"]).status).toBe(1);
  });

  it("hands arguments on as they are", () => {
    expect(check(0, ["sh", "-c", `[ "$0" = "it's" ] && [ $# = 1 ]`, "it's", "$HOME"]).status).toBe(
      0,
    );
  });

  it("is given longer than it waits and asks", () => {
    expect(healthCheck(["true"])).toMatchObject({ interval: "1s", timeout: "15s" });
  });

  it("words its times as Docker does, which tells a minute as 1m0s", () => {
    const { interval, timeout, startPeriod } = healthCheck(["true"]);
    for (const time of [interval, timeout, startPeriod])
      expect(time).toMatch(/^([1-9]|[1-5]\d)s$|^1m0s$/);
  });

  it("fails where nothing listens", () => {
    expect(check(0, httpHealthCommand(1, "/healthz")).status).toBe(1);
  });
});

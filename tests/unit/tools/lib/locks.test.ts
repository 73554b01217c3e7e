import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clearDeadLocks, isHeld, type Lock } from "../../../../tools/lib/locks";
import type { Machine } from "../../../../tools/lib/machine";
import { stubSession } from "./session-stub";
import { projectName } from "../../../../tools/lib/paths";

const own = projectName();

const taken = Date.parse("2026-03-01T10:00:00Z");
const lock: Lock = {
  pid: 4711,
  username: "ann",
  hostname: "here",
  timestamp: "2026-03-01T10:00:00Z",
};
const machine = (start: number | undefined): Machine => ({
  hostname: "here",
  startOf: () => start,
});

describe("isHeld", () => {
  it.each([
    ["a living process that began before", machine(taken - 60_000), true],
    ["a living process that began in the same second", machine(taken + 900), true],
    ["a living process whose start cannot be told", machine(Number.NaN), true],
    ["a process that is gone", machine(undefined), false],
    ["another process under the same number", machine(taken + 60_000), false],
    ["a process of another machine", { ...machine(undefined), hostname: "there" }, true],
  ])("with %s", (_what, where, held) => {
    expect(isHeld(lock, where)).toBe(held);
  });
});

describe("clearDeadLocks", () => {
  let dir: string;
  let file: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "steamline-locks-"));
    const locks = join(dir, "locks", "organization", own, "dev");
    mkdirSync(locks, { recursive: true });
    file = join(locks, "7d4f.json");
    writeFileSync(file, JSON.stringify(lock));
    writeFileSync(`${file}.attrs`, "{}");
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("takes away the lock of a killed run, and says so", () => {
    const session = stubSession(dir);
    clearDeadLocks(session, machine(undefined));
    expect(existsSync(file)).toBe(false);
    expect(existsSync(`${file}.attrs`)).toBe(false);
    expect(session.notes).toEqual([
      "an earlier run (process 4711) was killed: its lock is taken away",
    ]);
  });

  it("takes away what the killed run had half written beside the state, and nothing else", () => {
    const stacks = join(dir, "stacks", own);
    mkdirSync(stacks, { recursive: true });
    const write = (name: string, text: string) => writeFileSync(join(stacks, name), text);
    write("dev.json", "{}");
    write("dev.json.attrs", "");
    write("dev.json.18eb.tmp", "{");
    write("dev.json.bak", "{}");
    write("dev.json.bak.attrs", "{}");
    write("other.json.attrs", "");
    clearDeadLocks(stubSession(dir), machine(undefined));
    expect(readdirSync(stacks).sort()).toEqual([
      "dev.json",
      "dev.json.bak",
      "dev.json.bak.attrs",
      "other.json.attrs",
    ]);
  });

  it("leaves a held lock alone, naming who holds it and what to do", () => {
    const clear = () => clearDeadLocks(stubSession(dir), machine(taken - 1000));
    expect(clear).toThrow("the stack is locked by another update");
    expect(clear).toThrow(
      expect.objectContaining({
        code: "LOCKED",
        more: {
          where: "started by ann on here, process 4711, at 2026-03-01T10:00:00Z",
          fix: expect.stringContaining("pulumi -- cancel --stack dev") as string,
        },
      }) as Error,
    );
    expect(existsSync(file)).toBe(true);
  });

  it("leaves a half-written lock to Pulumi", () => {
    writeFileSync(file, '{"pid": 47');
    clearDeadLocks(stubSession(dir), machine(undefined));
    expect(existsSync(file)).toBe(true);
  });

  it("has nothing to do without locks, or on a backend of another kind", () => {
    expect(() => clearDeadLocks(stubSession(join(dir, "none")), machine(taken))).not.toThrow();
    expect(() => clearDeadLocks(stubSession(undefined), machine(taken))).not.toThrow();
  });
});

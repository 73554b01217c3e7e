import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "../../../../tools/setup/lock";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "steamline-lock-"));
  process.env["STEAMLINE_CACHE"] = root;
});
afterEach(() => {
  delete process.env["STEAMLINE_CACHE"];
  rmSync(root, { recursive: true, force: true });
});

const modulePath = join(__dirname, "../../../../tools/setup/lock.ts");
const tsx = join(__dirname, "../../../../node_modules/tsx/dist/cjs/index.cjs");

/** A process that adds one to a counter under the lock, slowly, and so loses counts without one. */
function counting(file: string, env: NodeJS.ProcessEnv): Promise<number | null> {
  const script = `
    require(${JSON.stringify(tsx)});
    const fs = require("node:fs");
    const { withLock } = require(${JSON.stringify(modulePath)});
    withLock("count", async () => {
      const before = Number(fs.readFileSync(${JSON.stringify(file)}, "utf8"));
      await new Promise((resolve) => setTimeout(resolve, 50));
      fs.writeFileSync(${JSON.stringify(file)}, String(before + 1));
    });`;
  return new Promise((resolve) =>
    spawn(process.execPath, ["-e", script], { env, stdio: "inherit" }).once("close", resolve),
  );
}

describe("withLock", () => {
  it("gives what the work gives, and leaves no lock", async () => {
    expect(await withLock("a", async () => 42)).toBe(42);
    await expect(withLock("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(readdirSync(join(root, "locks"))).toEqual([]);
  });

  it("lets one process in at a time", async () => {
    const file = join(root, "counter");
    writeFileSync(file, "0");
    const codes = await Promise.all([1, 2, 3].map(() => counting(file, process.env)));
    expect(codes).toEqual([0, 0, 0]);
    expect(readFileSync(file, "utf8")).toBe("3");
  });

  it("takes over from a process that has ended, and from another one of the same number", async () => {
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    for (const token of [`${dead}-1`, `${process.pid}-1`]) {
      mkdirSync(join(root, "locks", "b"), { recursive: true });
      writeFileSync(join(root, "locks", "b", token), "");
      expect(await withLock("b", async () => "mine")).toBe("mine");
    }
  });

  it("says whom it waits for", async () => {
    let told = 0;
    const first = withLock("c", () => new Promise((resolve) => setTimeout(resolve, 300)));
    await withLock("c", async () => undefined, { onWait: (pid) => (told = pid) });
    await first;
    expect(told).toBe(process.pid);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

const place = vi.hoisted(() => ({ dir: "" }));
vi.mock("../../../../tools/lib/paths", () => ({
  get localDir() {
    return place.dir;
  },
}));
const { begin, finish, interruptedRun } = await import("../../../../tools/lib/marker");

beforeEach(() => {
  place.dir = mkdtempSync(join(tmpdir(), "steamline-marker-"));
});
afterEach(() => rmSync(place.dir, { recursive: true, force: true }));

it("remembers a run until it has ended", () => {
  expect(interruptedRun("dev")).toBeUndefined();
  const before = Date.now();
  begin("dev");
  expect(interruptedRun("dev")).toMatchObject({ pid: process.pid });
  expect(interruptedRun("dev")?.startedAt).toBeGreaterThanOrEqual(before);
  expect(interruptedRun("pr-1")).toBeUndefined();
  finish("dev");
  expect(interruptedRun("dev")).toBeUndefined();
  expect(() => finish("dev")).not.toThrow();
});

it("keeps the start of a killed run through the runs that take it up", () => {
  const file = join(place.dir, "running", "dev.json");
  begin("dev");
  writeFileSync(file, JSON.stringify({ pid: 1, startedAt: 1000 }));
  begin("dev");
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ pid: process.pid, startedAt: 1000 });
});

it("takes a damaged file for none", () => {
  begin("dev");
  writeFileSync(join(place.dir, "running", "dev.json"), '{"pid":');
  expect(interruptedRun("dev")).toBeUndefined();
});

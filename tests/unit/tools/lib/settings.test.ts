import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const place = vi.hoisted(() => ({ dir: "" }));
vi.mock("../../../../tools/lib/paths", async (original) => ({
  ...(await original()),
  paths: {
    settings: (stack: string) => join(place.dir, "settings", `${stack}.json`),
  },
}));
const { readSettings, writeSettings } = await import("../../../../tools/lib/settings");

beforeEach(() => {
  place.dir = mkdtempSync(join(tmpdir(), "steamline-settings-"));
});
afterEach(() => rmSync(place.dir, { recursive: true, force: true }));

describe("settings", () => {
  it("are empty at first, kept for their owner alone, and read back", () => {
    expect(readSettings("dev")).toEqual({ found: {}, secrets: {} });
    const settings = { found: { source: "simulated" }, encryptionsalt: "s", secrets: {} };
    writeSettings("dev", settings);
    expect(readSettings("dev")).toEqual(settings);
    expect(statSync(join(place.dir, "settings", "dev.json")).mode & 0o777).toBe(0o600);
  });

  it("name the file that is damaged, and what to do", () => {
    writeSettings("dev", { found: {}, secrets: {} });
    writeFileSync(join(place.dir, "settings", "dev.json"), '{"found":');
    expect(() => readSettings("dev")).toThrow(
      expect.objectContaining({
        code: "CONFIG",
        more: expect.objectContaining({
          where: join(place.dir, "settings", "dev.json"),
          fix: expect.stringContaining("npm run up") as string,
        }) as unknown,
      }) as Error,
    );
  });
});

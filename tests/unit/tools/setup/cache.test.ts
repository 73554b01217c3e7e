import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cacheDir, isCached, once } from "../../../../tools/setup/cache";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "steamline-cache-"));
  process.env["STEAMLINE_CACHE"] = root;
});
afterEach(() => {
  delete process.env["STEAMLINE_CACHE"];
  rmSync(root, { recursive: true, force: true });
});

const fill = (text: string) => async (dir: string) => writeFileSync(join(dir, "file"), text);

describe("cacheDir", () => {
  it("is where the variables say, else in the home directory", () => {
    expect(cacheDir({ STEAMLINE_CACHE: "/a", XDG_CACHE_HOME: "/b" })).toBe("/a");
    expect(cacheDir({ XDG_CACHE_HOME: "/b" })).toBe("/b/steamline");
    expect(cacheDir({ XDG_CACHE_HOME: "" })).toBe(join(homedir(), ".cache", "steamline"));
  });
});

describe("once", () => {
  it("makes a directory once", async () => {
    const first = await once("tool", "v1", fill("one"));
    const second = await once("tool", "v1", fill("two"));
    expect(first).toBe(join(root, "tool", "v1"));
    expect(second).toBe(first);
    expect(readFileSync(join(first, "file"), "utf8")).toBe("one");
  });

  it("keeps each key apart", async () => {
    expect(await once("tool", "v1", fill("one"))).not.toBe(await once("tool", "v2", fill("two")));
  });

  it("leaves nothing of one that failed, and makes it anew", async () => {
    const failing = once("tool", "v1", async (dir) => {
      writeFileSync(join(dir, "half"), "");
      throw new Error("broken");
    });
    await expect(failing).rejects.toThrow("broken");
    expect(isCached("tool", "v1")).toBe(false);
    expect(readdirSync(join(root, "tool"))).toEqual([]);
    const made = await once("tool", "v1", fill("whole"));
    expect(readdirSync(made)).toEqual(["file"]);
  });

  it("clears away what a killed run left", async () => {
    mkdirSync(join(root, "tool", "v1.draft.99999999"), { recursive: true });
    await once("tool", "v1", fill("whole"));
    expect(readdirSync(join(root, "tool"))).toEqual(["v1"]);
  });

  it("makes it once where several want it at the same time", async () => {
    let made = 0;
    const make = async (dir: string) => {
      made += 1;
      await new Promise((resolve) => setTimeout(resolve, 30));
      writeFileSync(join(dir, "file"), "");
    };
    const places = await Promise.all([1, 2, 3].map(() => once("tool", "v1", make)));
    expect(new Set(places).size).toBe(1);
    expect(made).toBe(1);
    expect(existsSync(join(root, "tool", "v1", "file"))).toBe(true);
  });
});

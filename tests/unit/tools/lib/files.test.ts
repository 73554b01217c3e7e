import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readIfThere, writeWhole } from "../../../../tools/lib/files";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "steamline-files-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("writeWhole", () => {
  it("makes the directories, and a file for its owner alone", () => {
    const file = join(dir, "a", "b", "settings.json");
    writeWhole(file, "{}\n");
    expect(readIfThere(file)).toBe("{}\n");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(dir, "a", "b"))).toEqual(["settings.json"]);
  });

  it("leaves a file alone that holds the text already", () => {
    const file = join(dir, "same");
    writeWhole(file, "x");
    utimesSync(file, 1000, 1000);
    writeWhole(file, "x");
    expect(statSync(file).mtimeMs).toBe(1_000_000);
    writeWhole(file, "y");
    expect(statSync(file).mtimeMs).toBeGreaterThan(1_000_000);
  });
});

describe("readIfThere", () => {
  it("is undefined for no file, and fails for what is none", () => {
    expect(readIfThere(join(dir, "absent"))).toBeUndefined();
    expect(() => readIfThere(dir)).toThrow(/EISDIR/);
  });
});

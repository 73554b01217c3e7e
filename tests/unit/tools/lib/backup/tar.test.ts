import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readManifest } from "../../../../../tools/lib/backup/manifest";
import { entriesOf, readEntry } from "../../../../../tools/lib/backup/tar";

const folder = mkdtempSync(join(tmpdir(), "tar-"));
const archive = join(folder, "one.tar");
const manifest = {
  format: "steamline-backup-1",
  id: "dev-1",
  stack: "dev",
  madeAt: "2026-11-25T00:00:00.000Z",
  engineVersion: "26.7",
  tables: [{ database: "default", name: "steam_top_games", rows: 7 }],
  streams: [],
};

beforeAll(() => {
  mkdirSync(join(folder, "dev-1", "data"), { recursive: true });
  writeFileSync(join(folder, "dev-1", "steamline.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "dev-1", "data", "odd.bin"), "x".repeat(513));
  execFileSync("tar", ["-C", folder, "-cf", archive, "dev-1"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("finds every file of an archive that tar wrote, with its content", () => {
  const entries = entriesOf(archive);
  expect(entries.map(({ name }) => name).sort()).toEqual([
    "dev-1/data/odd.bin",
    "dev-1/steamline.json",
  ]);
  const odd = entries.find(({ name }) => name.endsWith("odd.bin"))!;
  expect(readEntry(archive, odd)).toBe("x".repeat(513));
});

it("reads the manifest of a back-up", () => {
  expect(readManifest(archive)).toEqual(manifest);
});

it("tells an archive that lacks its end, wherever it was cut", () => {
  const bytes = readFileSync(archive);
  const part = join(folder, "part.tar");
  const { start, size } = entriesOf(archive).at(-1)!;
  for (const length of [600, start + 1, start + Math.ceil(size / 512) * 512]) {
    writeFileSync(part, bytes.subarray(0, length));
    expect(() => readManifest(part)).toThrow("is cut off");
  }
});

it("refuses a back-up of another version", () => {
  writeFileSync(
    join(folder, "dev-1", "steamline.json"),
    JSON.stringify({ ...manifest, format: "steamline-backup-2" }),
  );
  const other = join(folder, "other.tar");
  execFileSync("tar", ["-C", folder, "-cf", other, "dev-1"]);
  expect(() => readManifest(other)).toThrow("is a back-up of another version");
});

import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generatedFiles } from "../../tools/check/generated";
import { generateRecordTables } from "../../tools/check/record-tables";

const checkout = join(__dirname, "../..");
const copy = mkdtempSync(join(tmpdir(), "generate-"));
afterAll(() => rmSync(copy, { recursive: true }));

/** Replaces a piece of a file of `sql/` in the copy, until `body` is over. */
function withChange<T>(file: string, before: string, after: string, body: () => T): T {
  const path = join(copy, "sql", file);
  const text = readFileSync(path, "utf8");
  expect(text).toContain(before);
  writeFileSync(path, text.replace(before, after));
  try {
    return body();
  } finally {
    writeFileSync(path, text);
  }
}

/** Changes of the ranking's tables, and the compiler's error where its records are made. */
const changes = [
  ["a renamed column", "kafka_", "rank Float64", "place Float64", "TS2345"],
  ["a column of another type", "", "rank UInt16", "rank String", "TS2345"],
  [
    "a further column",
    "kafka_",
    "rank Float64",
    "region Nullable(String),\n    rank Float64",
    "TS2741",
  ],
  ["a type that no record has", "", "rank UInt16", "rank UUID", "TS2322"],
] as const;

/** What the compiler says of the sources, each change in a directory of its own. */
async function compiled(): Promise<string> {
  changes.forEach(([, prefix, before, after], index) => {
    const text = withChange(`${prefix}steam_top_games.sql`, before, after, () =>
      generateRecordTables(join(copy, "sql")),
    );
    const pipeline = join(copy, `change-${index}`, "pipeline");
    cpSync(join(checkout, "pipeline"), pipeline, { recursive: true });
    writeFileSync(join(pipeline, "generated", "tables.ts"), text);
  });
  const project = { extends: join(checkout, "tsconfig.json"), include: ["*/pipeline/source"] };
  writeFileSync(join(copy, "tsconfig.json"), JSON.stringify(project));
  const tsc = join(checkout, "node_modules/typescript/bin/tsc");
  const running = promisify(execFile)(process.execPath, [tsc, "-p", "tsconfig.json"], {
    cwd: copy,
  });
  return running.then(
    ({ stdout }) => stdout,
    (failure: { stdout: string }) => failure.stdout,
  );
}

describe("npm run generate", () => {
  beforeAll(() => {
    cpSync(join(checkout, "sql"), join(copy, "sql"), { recursive: true });
    symlinkSync(join(checkout, "node_modules"), join(copy, "node_modules"));
  });

  it("has written what sql/ gives now", async () => {
    const stale = (await generatedFiles()).filter(({ isStale }) => isStale);
    expect(stale.map(({ name }) => name)).toEqual([]);
  });

  it("makes a changed column fail to compile where records are made of it", async () => {
    const printed = await compiled();
    changes.forEach(([change, , , , error], index) => {
      const place = `change-${index}/pipeline/source/steam-top-games\\.ts`;
      expect(printed, change).toMatch(new RegExp(`^${place}\\(.*\\): error ${error}`, "m"));
    });
  }, 120_000);

  it("refuses a table whose key no message carries", () => {
    const change = () => generateRecordTables(join(copy, "sql"));
    const ordered = ["ORDER BY (game_id, fetch_time)", "ORDER BY (region, game_id)"] as const;
    const make = () =>
      withChange("steam_top_games.sql", "rank UInt16,", "rank UInt16,\n    region String,", () =>
        withChange("steam_top_games.sql", ...ordered, change),
      );
    expect(make).toThrow(
      "sql/steam_top_games.sql: it is ordered by region first, which is no column of kafka_steam_top_games",
    );
  });
});

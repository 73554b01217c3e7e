import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

describe("npm run generate", () => {
  beforeAll(() => {
    for (const directory of ["pipeline", "sql"])
      cpSync(join(checkout, directory), join(copy, directory), { recursive: true });
    symlinkSync(join(checkout, "node_modules"), join(copy, "node_modules"));
    const options = {
      compilerOptions: { incremental: true, tsBuildInfoFile: "types.json", noEmit: true },
      include: ["pipeline"],
    };
    writeFileSync(
      join(copy, "tsconfig.json"),
      JSON.stringify({ extends: join(checkout, "tsconfig.json"), ...options }),
    );
  });

  it("has written what sql/ gives now", async () => {
    const stale = (await generatedFiles()).filter(({ isStale }) => isStale);
    expect(stale.map(({ name }) => name)).toEqual([]);
  });

  it.each([
    ["a renamed column", "kafka_", "rank Nullable", "place Nullable", "error TS2345"],
    ["a column of another type", "", "rank UInt16", "rank String", "error TS2345"],
    [
      "a further column",
      "kafka_",
      "rank Nul",
      "region Nullable(String),\n    rank Nul",
      "error TS2741",
    ],
    ["a type that no record has", "", "rank UInt16", "rank UUID", "error TS2344"],
  ])("makes %s fail to compile", (_, prefix, before, after, error) => {
    const text = withChange(`${prefix}steam_top_games.sql`, before, after, () =>
      generateRecordTables(join(copy, "sql")),
    );
    writeFileSync(join(copy, "pipeline", "generated", "tables.ts"), text);
    const tsc = join(checkout, "node_modules/typescript/bin/tsc");
    let printed = "";
    try {
      execFileSync(process.execPath, [tsc, "-p", "tsconfig.json"], {
        cwd: copy,
        encoding: "utf8",
      });
    } catch (failure) {
      printed = (failure as { stdout: string }).stdout;
    }
    expect(printed).toContain(error);
    expect(printed).toContain("pipeline/source/steam-top-games.ts");
  });

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

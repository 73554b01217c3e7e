import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkerOf } from "../../../../pipeline/backfill/check";
import { chunksOf, type Line } from "../../../../pipeline/backfill/lines";
import { printRows } from "../../../../pipeline/backfill/print";
import { csvRows, jsonRows } from "../../../../pipeline/backfill/rows";
import { gameDetails, topGames } from "../../../../pipeline/record";

const row = {
  game_id: 730,
  game_name: 'Counter-Strike 2, "CS"',
  current_players: 10,
  peak_today: 20,
  rank: 1,
  fetch_time: "2026-02-24 10:00:00",
};
const details = {
  game_id: 70,
  game_name: "Half-Life",
  genres: ["Action", "FPS"],
  original_price: 9.99,
  final_price: 0.99,
  discount_percent: 90,
  currency: "USD",
  review_score: 9,
  fetch_time: "2026-02-24 10:00:00",
};

function lineOf(text: string): Line {
  const buffer = Buffer.from(`before\n${text}\nafter`);
  return { buffer, start: 7, end: 7 + Buffer.byteLength(text) };
}

function fileOf(text: string, name = "rows.jsonl"): string {
  const directory = mkdtempSync(join(tmpdir(), "rows-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

describe("checkerOf", () => {
  const check = checkerOf(topGames);
  it.each([
    [{ ...row, rank: 65_536 }, /^rank: expected a whole number from 0 to 65535, found 65536$/],
    [{ ...row, rank: 1.5 }, /^rank: expected a whole number/],
    [{ ...row, rank: null }, /^rank: expected .*, found null$/],
    [{ ...row, game_id: "730" }, /^game_id: expected .*, found "730"$/],
    [{ ...row, game_name: 7 }, /^game_name: expected text/],
    [{ ...row, fetch_time: "2026-02-30T10:00" }, /^fetch_time: expected a time in UTC/],
    [{ ...row, fetch_time: "2200-01-01 00:00:00" }, /^fetch_time: expected a time in UTC/],
    [{ game_id: 730 }, /^game_name: is not there$/],
    [[row], /^not an object$/],
    [null, /^not an object$/],
  ])("names the field of %j", (value, fault) => {
    expect(check(value)).toMatch(fault);
  });

  it("takes what fits, with fields beyond the table's", () => {
    expect(check({ ...row, more: true })).toBeUndefined();
    expect(checkerOf(gameDetails)(details)).toBeUndefined();
  });

  it("checks amounts and lists", () => {
    const fault = checkerOf(gameDetails);
    expect(fault({ ...details, final_price: "free" })).toMatch(/^final_price: expected an amount/);
    expect(fault({ ...details, genres: "Action" })).toMatch(/^genres: expected a list of texts/);
    expect(fault({ ...details, review_score: 256 })).toMatch(/^review_score: .* 0 to 255/);
  });
});

describe("jsonRows", () => {
  const reader = jsonRows(topGames);
  it("reads a row, and its key without the rest", () => {
    const line = lineOf(JSON.stringify(row));
    expect(reader.read(line)).toEqual({ row });
    expect(reader.keyOf(line)).toBe("730");
  });

  it("finds the key wherever it stands, but not in the next line", () => {
    expect(reader.keyOf(lineOf('{"rank":1, "game_id": 42 }'))).toBe("42");
    expect(reader.keyOf(lineOf('{"game_name":"\\"game_id\\":1","game_id":"7"}'))).toBe("7");
    const buffer = Buffer.from('{"rank":1}\n{"game_id":5}');
    expect(reader.keyOf({ buffer, start: 0, end: 10 })).toBeUndefined();
  });

  it("tells what is no row", () => {
    expect(reader.read(lineOf("{"))).toEqual({ fault: "not JSON" });
    expect(reader.read(lineOf("{}"))).toEqual({ fault: "game_id: is not there" });
  });
});

describe("csvRows", () => {
  it("reads fields by the names in the first line, in any order, with quotes", () => {
    const reader = csvRows(
      topGames,
      "fetch_time,rank,game_id,game_name,current_players,peak_today",
    );
    const line = lineOf('2026-02-24 10:00:00,1,730,"Counter-Strike 2, ""CS""",10,20');
    expect(reader.read(line)).toEqual({ row });
    expect(reader.keyOf(line)).toBe("730");
  });

  it("reads lists", () => {
    const reader = csvRows(gameDetails, Object.keys(details).join(","));
    const line = lineOf(`70,Half-Life,"['Action','FPS']",9.99,0.99,90,USD,9,2026-02-24 10:00:00`);
    expect(reader.read(line)).toEqual({ row: details });
  });

  it("tells a column that is not there, a field of the wrong kind, and a quote without end", () => {
    const reader = csvRows(topGames, "game_id,game_name,current_players,peak_today,rank");
    expect(reader.read(lineOf("730,x,10,20,1")).fault).toBe("fetch_time: is not there");
    expect(reader.read(lineOf("730,x,ten,20,1")).fault).toMatch(/^current_players: expected/);
    expect(reader.read(lineOf('730,"x,10,20,1')).fault).toMatch(/quote/);
  });
});

describe("chunksOf", () => {
  const read = (text: string, chunkBytes: number): string[] => {
    const found: string[] = [];
    // A chunk's lines are only good until the next one.
    for (const chunk of chunksOf(fileOf(text), chunkBytes))
      for (const { buffer, start, end } of chunk) found.push(buffer.toString("utf8", start, end));
    return found;
  };

  it.each([1, 2, 3, 7, 64, 1000])("gives whole lines, %i bytes read at once", (chunkBytes) => {
    const lines = ["first", "", "a third line, 绝地", "x".repeat(100), "last without an end"];
    expect(read(lines.join("\n"), chunkBytes)).toEqual(lines);
  });

  it("takes both kinds of line ends, and a file without any line", () => {
    expect(read("a\r\nb\nc\n", 1000)).toEqual(["a", "b", "c"]);
    expect(read("", 1000)).toEqual([]);
  });
});

describe("printRows", () => {
  it("prints each row's message, and tells the others by line", () => {
    const printed: string[] = [];
    const file = fileOf(`${JSON.stringify(row)}\n\n{"game_id":1}\n`);
    const faults = printRows(file, topGames, { format: "TSV" }, (text) =>
      printed.push(String(text)),
    );
    expect(printed).toEqual(['730\tCounter-Strike 2, "CS"\t10\t20\t1\t2026-02-24 10:00:00\n']);
    expect(faults).toEqual(["line 3: game_name: is not there"]);
  });

  it("leaves the names of a CSV file out", () => {
    const printed: unknown[] = [];
    const names = Object.keys(row).join(",");
    const file = fileOf(`${names}\n730,x,10,20,1,2026-02-24 10:00:00\n`, "rows.CSV");
    expect(printRows(file, topGames, { format: "JSONEachRow" }, (t) => printed.push(t))).toEqual(
      [],
    );
    expect(printed).toHaveLength(1);
  });
});

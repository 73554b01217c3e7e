import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatFetchTime } from "../../../pipeline/record";

const times = [
  // On either side of Europe's and America's changes of clocks in 2026.
  "2026-03-29T00:59:59.999Z",
  "2026-03-29T01:00:00.000Z",
  "2026-10-25T00:30:00.000Z",
  "2026-10-25T01:30:00.000Z",
  "2026-11-01T05:30:00.000Z",
  "2026-11-01T06:30:00.000Z",
];

describe("formatFetchTime", () => {
  it("is UTC with whole seconds, as ClickHouse reads a DateTime", () => {
    expect(formatFetchTime(new Date("2026-02-24T10:00:00.999Z"))).toBe("2026-02-24 10:00:00");
  });

  it.each(["Asia/Taipei", "America/New_York", "Europe/Berlin"])(
    "is the same on a machine in %s, also while clocks change",
    (zone) => {
      const record = join(__dirname, "../../../pipeline/record.ts");
      const script = `const { formatFetchTime } = require(${JSON.stringify(record)});
        console.log(JSON.stringify(${JSON.stringify(times)}.map((t) => formatFetchTime(new Date(t)))));`;
      const printed = execFileSync(process.execPath, ["--require", "tsx/cjs", "-e", script], {
        env: { ...process.env, TZ: zone },
        encoding: "utf8",
      });
      expect(JSON.parse(printed)).toEqual(times.map((time) => time.slice(0, 19).replace("T", " ")));
    },
  );
});

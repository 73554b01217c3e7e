import { describe, expect, it } from "vitest";
import { expand } from "../../../tools/check/expand";

const range = {
  from: new Date("2026-01-01T00:00:00Z"),
  to: new Date("2026-01-02T00:00:00Z"),
  intervalMs: 60_000,
};

describe("expand", () => {
  it("fills variables in first and macros then", () => {
    const sql = "SELECT 1 WHERE id IN (0, ${game:csv}) AND t <= $__toTime AND n = ${poll_seconds}";
    expect(expand(sql, range, { game: ["730", "570"], poll_seconds: ["60"] })).toBe(
      "SELECT 1 WHERE id IN (0, 730,570) AND t <= toDateTime(1767312000) AND n = 60",
    );
  });

  it("quotes texts, and lets no quote in them end the text", () => {
    expect(expand("IN (${name:singlequote})", range, { name: ["a", "it's"] })).toBe(
      String.raw`IN ('a','it\'s')`,
    );
  });

  it("stays a query where nothing can be chosen", () => {
    expect(expand("IN (0, ${game:csv})", range, { game: [] })).toBe("IN (0, )");
  });

  it.each([
    ["${nope}", /no variable nope/],
    ["${game}", /needs a format/],
    ["${game:json}", /format :json/],
  ])("refuses %s", (sql, reason) => {
    expect(() => expand(sql, range, { game: ["1", "2"] })).toThrow(reason);
  });
});

import { describe, expect, it } from "vitest";
import { expandMacros } from "../../../tools/check/macros";

const range = {
  from: new Date("2014-11-12T11:45:26.123Z"),
  to: new Date("2015-11-12T11:45:26.456Z"),
  intervalMs: 60_000,
};

/** What the plugin's own tests say of each query. */
const examples: [query: string, expanded: string][] = [
  [
    "select * from foo where $__timeFilter(cast(sth as timestamp))",
    "select * from foo where cast(sth as timestamp) >= toDateTime(1415792726) AND cast(sth as timestamp) <= toDateTime(1447328726)",
  ],
  [
    "select * from foo where $__timeFilter(cast(sth as timestamp) )",
    "select * from foo where cast(sth as timestamp) >= toDateTime(1415792726) AND cast(sth as timestamp) <= toDateTime(1447328726)",
  ],
  [
    "select * from foo where $__timeFilter_ms(cast(sth as timestamp) )",
    "select * from foo where cast(sth as timestamp) >= fromUnixTimestamp64Milli(1415792726123) AND cast(sth as timestamp) <= fromUnixTimestamp64Milli(1447328726456)",
  ],
  [
    "select * from foo where ( date >= $__fromTime and date <= $__toTime ) limit 100",
    "select * from foo where ( date >= toDateTime(1415792726) and date <= toDateTime(1447328726) ) limit 100",
  ],
  [
    "select * from foo where ( date >= $__fromTime_ms ) and ( date <= $__toTime_ms ) limit 100",
    "select * from foo where ( date >= fromUnixTimestamp64Milli(1415792726123) ) and ( date <= fromUnixTimestamp64Milli(1447328726456) ) limit 100",
  ],
  ["$__dateFilter(dateCol)", "dateCol >= toDate('2014-11-12') AND dateCol <= toDate('2015-11-12')"],
  [
    "$__dateTimeFilter(dateCol, timeCol)",
    "(dateCol >= toDate('2014-11-12') AND dateCol <= toDate('2015-11-12')) AND (timeCol >= toDateTime(1415792726) AND timeCol <= toDateTime(1447328726))",
  ],
  ["$__timeInterval(col)", "toStartOfInterval(toDateTime(col), INTERVAL 60 second)"],
  [
    "$__timeInterval_ms(col)",
    "toStartOfInterval(toDateTime64(col, 3), INTERVAL 60000 millisecond)",
  ],
  ["INTERVAL $__interval_s second", "INTERVAL 60 second"],
  ["$__timeFrom(ts)", "ts >= toDateTime(1415792726)"],
  ["$__timeTo(ts)", "ts <= toDateTime(1447328726)"],
  ["$__timeGroup(ts, 5m)", "toStartOfInterval(toDateTime(ts), INTERVAL 300 second)"],
  ["$__timeGroup(ts, '1h')", "toStartOfInterval(toDateTime(ts), INTERVAL 3600 second)"],
  [
    "SELECT $__timeInterval($__fromTime) AS from_time",
    "SELECT toStartOfInterval(toDateTime(toDateTime(1415792726)), INTERVAL 60 second) AS from_time",
  ],
  [
    "select * from foo where $__timeFilter(coalesce(closed_at, $__toTime))",
    "select * from foo where coalesce(closed_at, toDateTime(1447328726)) >= toDateTime(1415792726) AND coalesce(closed_at, toDateTime(1447328726)) <= toDateTime(1447328726)",
  ],
  [
    String.raw`select * from foo where msg = 'it\'s -- fine' and $__fromTime`,
    String.raw`select * from foo where msg = 'it\'s -- fine' and toDateTime(1415792726)`,
  ],
  [
    String.raw`select * from foo where msg = 'a\'/*x' and $__toTime`,
    String.raw`select * from foo where msg = 'a\'/*x' and toDateTime(1447328726)`,
  ],
  [
    "SELECT `it's` AS x, msg FROM t WHERE msg = 'a--b' AND $__timeFilter(ts)",
    "SELECT `it's` AS x, msg FROM t WHERE msg = 'a--b' AND ts >= toDateTime(1415792726) AND ts <= toDateTime(1447328726)",
  ],
  [
    "SELECT $doc$a--b$doc$ AS x FROM t WHERE $__toTime",
    "SELECT $doc$a--b$doc$ AS x FROM t WHERE toDateTime(1447328726)",
  ],
];

describe("expandMacros", () => {
  it.each(examples)("expands %s", (query, expanded) => {
    expect(expandMacros(query, range)).toBe(expanded);
  });

  it("takes comments out, and macros in them", () => {
    expect(expandMacros("SELECT 1 -- $__fromTime\n/* $__nope */, 2", range)).toBe("SELECT 1 \n, 2");
  });

  it("never goes below a second", () => {
    expect(expandMacros("$__interval_s", { ...range, intervalMs: 20 })).toBe("1");
  });

  it.each([
    ["$__timeFilter()", "takes 1 argument(s), not 0"],
    ["$__dateTimeFilter(d)", "takes 2 argument(s), not 1"],
    ["$__timeGroup(ts, nope)", "no duration"],
    ["$__conditionalAll(a, $b)", "not a macro of the backend"],
    ["$__timeFilter(a", "not closed"],
  ])("refuses %s", (query, reason) => {
    expect(() => expandMacros(query, range)).toThrow(reason);
  });
});

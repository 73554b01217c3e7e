import { describe, expect, it } from "vitest";
import { renderTable, seconds, secondsOf, times } from "../../../bench/lib/format";
import { readBenchOptions } from "../../../bench/lib/options";
import { ratio, spread } from "../../../bench/lib/statistics";

describe("a spread", () => {
  it("has the middle value, or the mean of the two in the middle", () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3, count: 3 });
    expect(spread([4, 1, 2, 3]).median).toBe(2.5);
    expect(spread([7])).toEqual({ median: 7, least: 7, most: 7, count: 1 });
  });

  it("refuses to sum up nothing", () => {
    expect(() => spread([])).toThrow(RangeError);
  });
});

describe("words for figures", () => {
  it("shows a range only where there is one", () => {
    expect(seconds(1_249)).toBe("1.2 s");
    expect(secondsOf(spread([1_000]))).toBe("1.0 s");
    expect(secondsOf(spread([1_000, 3_000, 2_000]))).toBe("2.0 s (1.0 to 3.0)");
  });

  it("gives no ratio to nothing", () => {
    expect(times(ratio(3, 2))).toBe("1.50x");
    expect(times(ratio(3, 0))).toBe("-");
  });

  it("underlines a table's header", () => {
    expect(renderTable(["a", "b"], [["long", "1"]], [1])).toBe("a     b\n-------\nlong  1");
  });
});

describe("a measurement's options", () => {
  it("has rounds and JSON, and takes others of its own", () => {
    const { json, rounds, more } = readBenchOptions(
      ["--json", "--stack", "x"],
      { rounds: 3 },
      {
        stack: { type: "string", description: "" },
      },
    );
    expect([json, rounds, more.text("stack")]).toEqual([true, 3, "x"]);
    expect(readBenchOptions(["--rounds", "7"], { rounds: 3 }).rounds).toBe(7);
  });

  it("refuses what it does not know", () => {
    expect(() => readBenchOptions(["--fast"], { rounds: 3 })).toThrow(/--fast/);
    expect(() => readBenchOptions(["--rounds", "0"], { rounds: 3 })).toThrow(/whole number/);
  });
});

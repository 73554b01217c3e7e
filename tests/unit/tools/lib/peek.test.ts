import { describe, expect, it } from "vitest";
import { stretches } from "../../../../tools/lib/peek";

const partition = (number: number, low: number, high: number) => ({
  partition: number,
  low: String(low),
  high: String(high),
});

describe("stretches", () => {
  const three = [partition(0, 0, 100), partition(1, 40, 50), partition(2, 7, 7)];

  it("takes the newest evenly from the partitions that hold any", () => {
    expect(stretches(three, { limit: 10, from: "latest" })).toEqual([
      { partition: 0, start: 95, end: 100 },
      { partition: 1, start: 45, end: 50 },
    ]);
  });

  it("takes the oldest that retention has left", () => {
    expect(stretches(three, { limit: 10, from: "beginning" })).toEqual([
      { partition: 0, start: 0, end: 5 },
      { partition: 1, start: 40, end: 45 },
    ]);
  });

  it("takes no more than there is", () => {
    expect(stretches(three, { limit: 1000, from: "latest" })).toEqual([
      { partition: 0, start: 0, end: 100 },
      { partition: 1, start: 40, end: 50 },
    ]);
    expect(stretches([partition(0, 5, 5)], { limit: 3, from: "latest" })).toEqual([]);
    expect(stretches([], { limit: 3, from: "latest" })).toEqual([]);
  });

  it("looks into every partition for a limit below their number", () => {
    expect(stretches(three, { limit: 1, from: "latest" })).toHaveLength(2);
  });
});

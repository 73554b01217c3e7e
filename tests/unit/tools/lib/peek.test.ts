import { describe, expect, it } from "vitest";
import { stretches } from "../../../../tools/lib/peek";

const partition = (number: number, low: number, high: number) => ({
  partition: number,
  low: String(low),
  high: String(high),
});

describe("stretches", () => {
  const three = [partition(0, 0, 1000), partition(1, 400, 500), partition(2, 7, 7)];

  it("takes the newest of the partitions that hold any, and looks past what is no message", () => {
    expect(stretches(three, { limit: 10, from: "latest" })).toEqual([
      { partition: 0, start: 931, end: 1000 },
      { partition: 1, start: 431, end: 500 },
    ]);
  });

  it("takes the oldest that retention has left", () => {
    expect(stretches(three, { limit: 10, from: "beginning" })).toEqual([
      { partition: 0, start: 0, end: 69 },
      { partition: 1, start: 400, end: 469 },
    ]);
  });

  it("takes no more than there is", () => {
    expect(stretches(three, { limit: 3000, from: "latest" })).toEqual([
      { partition: 0, start: 0, end: 1000 },
      { partition: 1, start: 400, end: 500 },
    ]);
    expect(stretches([partition(0, 5, 5)], { limit: 3, from: "latest" })).toEqual([]);
    expect(stretches([], { limit: 3, from: "latest" })).toEqual([]);
  });

  it("looks into every partition for a limit below their number", () => {
    expect(stretches(three, { limit: 1, from: "latest" })).toHaveLength(2);
  });
});

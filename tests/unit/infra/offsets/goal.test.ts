import { describe, expect, it } from "vitest";
import { describeEffects, type Effect } from "../../../../infra/offsets/effect";
import { movesTo, parseGoal, type Goal, type Position } from "../../../../infra/offsets/goal";

const positions: Position[] = [
  { partition: 0, low: 10, end: 100, committed: 90 },
  { partition: 1, low: 0, end: 40, committed: undefined },
];
const targets = (goal: Goal, atTime = new Map<number, number>(), only?: number) =>
  movesTo(goal, "top", positions, atTime, only).map(({ partition, target }) => [partition, target]);

describe("a goal", () => {
  it.each([
    ["earliest", { kind: "earliest" }],
    ["latest", { kind: "latest" }],
    ["0", { kind: "offset", offset: 0 }],
    ["12340", { kind: "offset", offset: 12340 }],
    ["2026-11-25", { kind: "time", at: Date.UTC(2026, 10, 25) }],
    ["2026-11-25T01:30:00Z", { kind: "time", at: Date.UTC(2026, 10, 25, 1, 30) }],
    ["2026-11-25 01:30", { kind: "time", at: Date.UTC(2026, 10, 25, 1, 30) }],
    ["2026-11-25T03:30:00+02:00", { kind: "time", at: Date.UTC(2026, 10, 25, 1, 30) }],
  ])("%s is understood", (text, goal) => {
    expect(parseGoal(text)).toEqual(goal);
  });

  it.each([
    "",
    "first",
    "-1",
    "1.5",
    "1e3",
    "2026-02-30",
    "2026-13-01",
    "25:00",
    "2026-11-25T25:00",
  ])("%j is none", (text) => {
    expect(parseGoal(text)).toBeUndefined();
  });
});

describe("moves", () => {
  it("go to the oldest and to the next message of each partition", () => {
    expect(targets({ kind: "earliest" })).toEqual([
      [0, 10],
      [1, 0],
    ]);
    expect(targets({ kind: "latest" })).toEqual([
      [0, 100],
      [1, 40],
    ]);
  });

  it("of a time go to its first message, or to the end where none is so young", () => {
    expect(targets({ kind: "time", at: 0 }, new Map([[0, 50]]))).toEqual([
      [0, 50],
      [1, 40],
    ]);
  });

  it("may be of one partition, and of an offset up to the end", () => {
    expect(targets({ kind: "offset", offset: 100 }, new Map(), 0)).toEqual([[0, 100]]);
  });

  it.each([
    [9, 0, /partition 0 has offsets 10 to 100/],
    [101, 0, /partition 0 has offsets 10 to 100/],
    [50, undefined, /offset 50 is out of range: partition 1 has offsets 0 to 40$/],
  ])("to offset %i of partition %s are refused, out of range", (offset, only, words) => {
    const refused = () => targets({ kind: "offset", offset }, new Map(), only);
    expect(refused).toThrow(words);
    expect(refused).toThrow(expect.objectContaining({ code: "OUT_OF_RANGE" }) as Error);
  });

  it("of a partition that is not there are refused", () => {
    expect(() => targets({ kind: "earliest" }, new Map(), 2)).toThrow(/top has no partition 2/);
  });
});

describe("the words for a reset", () => {
  const effect = (more: Partial<Effect>): Effect => ({
    ...positions[0]!,
    target: 10,
    again: 0,
    stored: 0,
    refused: 0,
    skipped: 0,
    ...more,
  });

  it("count all partitions together", () => {
    const effects = [
      effect({ again: 12_000, stored: 11_999, refused: 1 }),
      effect({ again: 340, stored: 340 }),
    ];
    expect(describeEffects(effects)).toBe(
      "will read again 12,340 messages; 12,339 stored already will not repeat; dead letters among them: 1",
    );
  });

  it("say what is skipped unread, and that nothing changes", () => {
    expect(describeEffects([effect({ skipped: 1 })])).toBe(
      "will skip, unread, 1 message, which the audit will call lost",
    );
    expect(describeEffects([effect({})])).toBe("changes nothing: the group stands there already");
  });
});

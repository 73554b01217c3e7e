import { beforeAll, describe, expect, it } from "vitest";
import { planTable, type TablePlan } from "../../infra/clickhouse/plan";
import { tableShapes } from "../../infra/clickhouse/shape";

const base = {
  columns: "a UInt32, b String, t DateTime",
  index: "",
  engine: "MergeTree",
  partition: "toYYYYMMDD(t)",
  order: "(a, t)",
  tail: "TTL t + INTERVAL 90 DAY",
};
const create = (change: Partial<typeof base> = {}) => {
  const c = { ...base, ...change };
  return `CREATE TABLE x (${c.columns}${c.index}) ENGINE = ${c.engine} PARTITION BY ${c.partition} ORDER BY ${c.order} ${c.tail}`;
};

/** One change each: what is declared instead, and what the planner has to make of it. */
const cases: [string, Partial<typeof base>, TablePlan][] = [
  [
    "nothing but the layout",
    { columns: "`a` UInt32,\n  b String  , t DateTime" },
    { label: "none" },
  ],
  ["an interval in other words", { tail: "TTL t + toIntervalDay(90)" }, { label: "none" }],
  [
    "a column more, in its place",
    { columns: "a UInt32, c UInt8, b String, t DateTime" },
    { label: "in place", actions: ["ADD COLUMN `c` UInt8 AFTER `a`"] },
  ],
  [
    "a wider type",
    { columns: "a UInt64, b String, t DateTime" },
    { label: "in place", actions: ["MODIFY COLUMN `a` UInt64"] },
  ],
  [
    "a default",
    { columns: "a UInt32, b String DEFAULT 'none', t DateTime" },
    { label: "in place", actions: ["MODIFY COLUMN `b` String DEFAULT 'none'"] },
  ],
  [
    "a comment",
    { columns: "a UInt32, b String COMMENT 'it''s a name', t DateTime" },
    { label: "in place", actions: ["COMMENT COLUMN `b` 'it\\'s a name'"] },
  ],
  [
    "a codec",
    { columns: "a UInt32, b String CODEC(ZSTD(3)), t DateTime" },
    { label: "in place", actions: ["MODIFY COLUMN `b` String CODEC(ZSTD(3))"] },
  ],
  [
    "another TTL",
    { tail: "TTL t + INTERVAL 30 DAY" },
    { label: "in place", actions: ["MODIFY TTL t + toIntervalDay(30)"] },
  ],
  ["no TTL", { tail: "" }, { label: "in place", actions: ["REMOVE TTL"] }],
  [
    "a setting",
    { tail: "TTL t + INTERVAL 90 DAY SETTINGS fsync_after_insert = 1" },
    { label: "in place", actions: ["MODIFY SETTING fsync_after_insert = 1"] },
  ],
  [
    "an index",
    { index: ", INDEX i b TYPE bloom_filter GRANULARITY 4" },
    { label: "in place", actions: ["ADD INDEX `i` b TYPE bloom_filter GRANULARITY 4"] },
  ],
  [
    "a column less",
    { columns: "a UInt32, t DateTime" },
    {
      label: "refused",
      reasons: ["its column b String is no longer declared: dropping it destroys what it holds"],
    },
  ],
  [
    "another sorting key",
    { order: "(t, a)" },
    {
      label: "refused",
      reasons: [
        "its sorting key is a, t and is declared t, a",
        "its primary key is a, t and is declared t, a",
      ],
    },
  ],
  [
    "another partition key",
    { partition: "toYYYYMM(t)" },
    {
      label: "refused",
      reasons: ["its partition key is toYYYYMMDD(t) and is declared toYYYYMM(t)"],
    },
  ],
  [
    "another engine",
    { engine: "ReplacingMergeTree" },
    { label: "refused", reasons: ["its engine is MergeTree and is declared ReplacingMergeTree"] },
  ],
];

describe("planTable, on what the engine makes of both statements", () => {
  let shapes: ReturnType<typeof tableShapes>;
  beforeAll(() => {
    shapes = tableShapes([create(), ...cases.map(([, change]) => create(change))]);
  });

  it.each(cases.map(([name, , plan], i) => ({ name, plan, i })))("$name", ({ plan, i }) => {
    expect(planTable(shapes[0]!, shapes[i + 1]!)).toEqual(plan);
  });

  it("takes a change back by the mirror of its actions", () => {
    const withIndex = cases.findIndex(([name]) => name === "an index") + 1;
    const withSetting = cases.findIndex(([name]) => name === "a setting") + 1;
    expect(planTable(shapes[withIndex]!, shapes[0]!)).toEqual({
      label: "in place",
      actions: ["DROP INDEX `i`"],
    });
    expect(planTable(shapes[withSetting]!, shapes[0]!)).toEqual({
      label: "in place",
      actions: ["RESET SETTING fsync_after_insert"],
    });
  });
});

describe("tableShapes", () => {
  it("passes on the engine's words for a statement it refuses", () => {
    expect(() => tableShapes(["CREATE TABLE x (a NoSuchType) ENGINE = Memory"])).toThrow(
      /NoSuchType/,
    );
  });
});

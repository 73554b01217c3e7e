import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alterStatements, type Label } from "../../infra/clickhouse/plan";
import { NO_POLICY, type Policy } from "../../infra/clickhouse/policy";
import { Scratch } from "../../infra/clickhouse/scratch";
import { provenPlan } from "../../infra/clickhouse/table-plan";

const base = {
  columns: "a UInt32, b String, t DateTime",
  index: "",
  engine: "MergeTree",
  partition: "toYYYYMMDD(t)",
  order: "(a, t)",
  tail: "TTL t + INTERVAL 90 DAY",
};
type Change = Partial<typeof base>;
const create = (name: string, change: Change = {}) => {
  const c = { ...base, ...change };
  return `CREATE TABLE ${name} (${c.columns}${c.index}) ENGINE = ${c.engine} PARTITION BY ${c.partition} ORDER BY ${c.order} ${c.tail}`;
};
const withB = (column: string): Change => ({ columns: `a UInt32, ${column}, t DateTime` });

/** One change each: what is declared instead, its label, and the clauses that make it so. */
const inPlace: [string, Change, string[]][] = [
  [
    "a column more, in its place",
    { columns: "a UInt32, c UInt8, b String, t DateTime" },
    ["ADD COLUMN `c` UInt8 AFTER `a`"],
  ],
  [
    "a column more, in front",
    { columns: "c UInt8, a UInt32, b String, t DateTime" },
    ["ADD COLUMN `c` UInt8 FIRST"],
  ],
  [
    "a column with a default",
    { columns: "a UInt32, b String, t DateTime, c UInt8 DEFAULT a + 1" },
    ["ADD COLUMN `c` UInt8 DEFAULT a + 1 AFTER `t`"],
  ],
  [
    "two columns more",
    { columns: "a UInt32, b String, c UInt8, d UInt8, t DateTime" },
    ["ADD COLUMN `c` UInt8 AFTER `b`, ADD COLUMN `d` UInt8 AFTER `c`"],
  ],
  [
    "a wider type",
    { columns: "a UInt32, b String, t DateTime, n UInt8" },
    ["ADD COLUMN `n` UInt8 AFTER `t`"],
  ],
  ["a nullable type", withB("b Nullable(String)"), ["MODIFY COLUMN `b` Nullable(String)"]],
  [
    "low cardinality",
    withB("b LowCardinality(String)"),
    ["MODIFY COLUMN `b` LowCardinality(String)"],
  ],
  ["a default", withB("b String DEFAULT 'none'"), ["MODIFY COLUMN `b` String DEFAULT 'none'"]],
  ["a comment", withB("b String COMMENT 'it''s a name'"), ["COMMENT COLUMN `b` 'it\\'s a name'"]],
  ["a codec", withB("b String CODEC(ZSTD(3))"), ["MODIFY COLUMN `b` String CODEC(ZSTD(3))"]],
  [
    "a column's TTL",
    withB("b String TTL t + INTERVAL 1 DAY"),
    ["MODIFY COLUMN `b` String TTL t + toIntervalDay(1)"],
  ],
  [
    "another place",
    { columns: "b String, a UInt32, t DateTime" },
    ["MODIFY COLUMN `b` String FIRST"],
  ],
  ["no TTL", { tail: "" }, ["REMOVE TTL"]],
  [
    "a setting",
    { tail: `${base.tail} SETTINGS fsync_after_insert = 1` },
    ["MODIFY SETTING fsync_after_insert = 1"],
  ],
  [
    "a comment of the table",
    { tail: `${base.tail} COMMENT 'the ranking'` },
    ["MODIFY COMMENT 'the ranking'"],
  ],
  [
    "an index",
    { index: ", INDEX i b TYPE bloom_filter GRANULARITY 4" },
    ["ADD INDEX `i` b TYPE bloom_filter GRANULARITY 4", "MATERIALIZE INDEX `i`"],
  ],
  [
    "a projection",
    { index: ", PROJECTION p (SELECT a, count() GROUP BY a)" },
    ["ADD PROJECTION `p` (SELECT a, count() GROUP BY a)", "MATERIALIZE PROJECTION `p`"],
  ],
  ["a constraint", { index: ", CONSTRAINT c CHECK a > 0" }, ["ADD CONSTRAINT `c` CHECK a > 0"]],
  [
    "a longer sorting key",
    { columns: "a UInt32, b String, t DateTime, c UInt8", order: "(a, t, c)", tail: base.tail },
    [],
  ],
];
const refused: [string, Change, RegExp][] = [
  ["a column less", { columns: "a UInt32, t DateTime" }, /column b String/],
  ["a narrower type", withB("b UInt8"), /values of column b String that UInt8 cannot hold/],
  ["another sorting key", { order: "(t, a)" }, /sorting key a, t becomes t, a/],
  [
    "another partition key",
    { partition: "toYYYYMM(t)" },
    /partition key toYYYYMMDD\(t\) becomes toYYYYMM\(t\)/,
  ],
  [
    "another engine",
    { engine: "ReplacingMergeTree" },
    /engine MergeTree becomes ReplacingMergeTree/,
  ],
  [
    "another granularity",
    { tail: `${base.tail} SETTINGS index_granularity = 4096` },
    /index_granularity 8192 becomes 4096/,
  ],
  [
    "a wider column of the key",
    { columns: "a UInt64, b String, t DateTime" },
    /the engine refuses to alter it/,
  ],
];

describe("provenPlan, on what the engine makes of both statements", () => {
  let scratch: Scratch;
  const plan = (from: Change, to: Change, policy: Partial<Policy> = {}, allowDestroy = false) => {
    const [observed, desired] = [from, to].map((change, i) => {
      const name = `plan_${i}`;
      scratch.run(`DROP TABLE IF EXISTS ${name} SYNC`);
      scratch.run(create(name, change));
      return scratch.definition("default", name);
    });
    const options = { policy: { ...NO_POLICY, ...policy }, allowDestroy };
    return provenPlan(scratch, "x", observed!, desired!, options);
  };
  const clauses = (from: Change, to: Change) =>
    alterStatements("x", plan(from, to)).map((text) => text.replace("ALTER TABLE `x` ", ""));
  beforeAll(() => {
    scratch = new Scratch();
  });
  afterAll(() => scratch.close());

  it.each([
    ["nothing but the layout", { columns: "`a` UInt32,\n  b String  , t DateTime" }],
    ["an interval in other words", { tail: "TTL t + toIntervalDay(90)" }],
    [
      "a default that is the engine's own",
      { tail: `${base.tail} SETTINGS index_granularity = 8192` },
    ],
  ])("none: %s", (_name, change) => {
    expect(plan({}, change).label).toBe("none");
  });

  it.each(inPlace)("in place: %s", (_name, change, expected) => {
    if (expected.length > 0) expect(clauses({}, change)).toEqual(expected);
    const declared = plan({}, change);
    expect(declared.label).toBe(expected.length > 0 ? "in place" : "refused");
  });

  it.each(
    inPlace.filter(([, , expected]) => !/COLUMN `[cdn]`|Nullable/.test(expected[0] ?? "Nullable")),
  )("in place, taken back: %s", (_name, change) => {
    expect(plan(change, {}).beyondAlter).toEqual([]);
  });

  it("lets a sorting key grow by a column that is added, where the primary key is declared", () => {
    const keyed = { order: "(a, t)", tail: `PRIMARY KEY (a, t) ${base.tail}` };
    const grown = {
      ...keyed,
      columns: "a UInt32, b String, t DateTime, c UInt8",
      order: "(a, t, c)",
    };
    expect(clauses(keyed, grown)).toEqual([
      "ADD COLUMN `c` UInt8 AFTER `t`, MODIFY ORDER BY (a, t, c)",
    ]);
  });

  it.each(refused)("refused: %s", (_name, change, reason) => {
    const { label, destroys, beyondAlter } = plan({}, change);
    expect(label).toBe("refused");
    expect([...destroys, ...beyondAlter].join("\n")).toMatch(reason);
  });

  it.each(refused)("destroys rows, where that is allowed: %s", (_name, change) => {
    expect(plan({}, change, {}, true).label).toBe("destroys rows" satisfies Label);
  });

  it.each(refused.slice(2))("rebuilt, where the file asks for it: %s", (_name, change) => {
    expect(plan({}, change, { rebuild: true }).label).toBe("rebuilt, no rows lost" satisfies Label);
  });

  it("does not destroy a column by a rebuild unless that is allowed", () => {
    const change = { columns: "a UInt32, t DateTime", order: "(t, a)" };
    expect(plan({}, change, { rebuild: true }).label).toBe("refused");
  });

  it("renames a column where the file says so", () => {
    const change = withB("c String");
    const renames = [{ from: "b", to: "c" }];
    expect(plan({}, change, { renames }).renames).toEqual(["RENAME COLUMN `b` TO `c`"]);
    expect(plan({}, change, { renames }).label).toBe("in place");
    expect(plan(change, change, { renames }).label).toBe("none");
    expect(plan({}, change).label).toBe("refused");
  });
});

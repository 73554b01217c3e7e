import { describe, expect, it } from "vitest";
import { planObject } from "../../../../infra/clickhouse/plan-object";
import { planWords } from "../../../../infra/clickhouse/plan-words";
import { dropAccess } from "../../../../infra/clickhouse/remove";
import { widens } from "../../../../infra/clickhouse/widening";

const kafka = (columns: string, group = "g", more = "") =>
  `CREATE TABLE default.q (${columns}) ENGINE = Kafka(c) SETTINGS kafka_topic_list = 't', kafka_group_name = '${group}'${more}`;

describe("planObject", () => {
  it("creates what is not there", () => {
    expect(planObject("view", undefined, "x").label).toBe("created");
  });

  it("recreates a Kafka table in its group, and tells column by column and setting by setting", () => {
    const plan = planObject(
      "kafka",
      kafka("`a` UInt8"),
      kafka("`a` UInt8, `b` String", "g", ", kafka_num_consumers = 1"),
    );
    expect(plan).toMatchObject({ label: "recreated, no rows lost", pause: "about a second" });
    expect(plan.changes.map(({ text }) => text)).toEqual([
      "+ column b String after a",
      "~ setting kafka_num_consumers (default) becomes 1",
    ]);
  });

  it("refuses another consumer group, which would store everything again, unless allowed", () => {
    const change = [kafka("`a` UInt8"), kafka("`a` UInt8", "h")] as const;
    expect(planObject("kafka", ...change).label).toBe("refused");
    expect(planObject("kafka", ...change, { allowDestroy: true }).label).toBe("destroys rows");
  });

  it("changes a view's query in place, whatever stands between its target and its query", () => {
    const view = (query: string, middle = "", to = "t") =>
      `CREATE MATERIALIZED VIEW default.v TO default.${to}${middle} AS ${query}`;
    expect(
      planObject(
        "view",
        view("SELECT 1", " (`a` UInt8) DEFINER = admin SQL SECURITY DEFINER"),
        view("SELECT 1"),
      ).label,
    ).toBe("none");
    expect(planObject("view", view("SELECT 1"), view("SELECT 2"))).toMatchObject({
      label: "in place",
      pause: "none",
    });
    expect(planObject("view", view("SELECT 1"), view("SELECT 1", "", "u"))).toMatchObject({
      label: "recreated, no rows lost",
      pause: "about a second",
    });
  });

  it("plans dictionaries, plain views, users, roles, quotas, profiles and databases", () => {
    expect(planObject("dictionary", "a", "b").label).toBe("recreated, no rows lost");
    expect(planObject("query", "a", "b").label).toBe("in place");
    for (const what of ["USER u", "ROLE r", "QUOTA q", "SETTINGS PROFILE p"]) {
      expect(planObject("access", `CREATE ${what}`, `CREATE ${what} x`).label).toBe("in place");
      expect(planObject("access", `CREATE ${what}`, `CREATE ${what}`).label).toBe("none");
    }
    expect(
      planObject("database", "CREATE DATABASE d ENGINE = Atomic", "CREATE DATABASE d").label,
    ).toBe("none");
    expect(
      planObject(
        "database",
        "CREATE DATABASE d ENGINE = Atomic",
        "CREATE DATABASE d ENGINE = Memory",
      ).label,
    ).toBe("refused");
  });

  it("is told in words: what changes, how, and what it costs", () => {
    const plan = planObject("kafka", kafka("`a` UInt8"), kafka("`a` UInt16"));
    expect(planWords("q", plan, "rewrites nothing")).toBe(
      "q: recreated, no rows lost\n  ~ column a UInt8 becomes UInt16\n  pause of consumption: about a second; rewrites nothing",
    );
  });
});

describe("dropAccess", () => {
  it("undoes what was created or granted", () => {
    expect(dropAccess("CREATE ROLE readers")).toBe("DROP ROLE IF EXISTS readers");
    expect(dropAccess("CREATE SETTINGS PROFILE p SETTINGS readonly = 1")).toBe(
      "DROP SETTINGS PROFILE IF EXISTS p",
    );
    expect(dropAccess("CREATE ROW POLICY own ON default.t USING 1")).toBe(
      "DROP ROW POLICY IF EXISTS own ON default.t",
    );
    expect(dropAccess("GRANT SELECT ON default.t TO readers WITH GRANT OPTION")).toBe(
      "REVOKE SELECT ON default.t FROM readers",
    );
  });
});

describe("widens", () => {
  it.each([
    ["UInt8", "UInt16"],
    ["UInt8", "Int16"],
    ["Int8", "Int64"],
    ["UInt32", "Float64"],
    ["Float32", "Float64"],
    ["String", "LowCardinality(String)"],
    ["LowCardinality(String)", "String"],
    ["String", "Nullable(String)"],
    ["UInt32", "String"],
    ["Date", "Date32"],
    ["DateTime", "DateTime64(3)"],
    ["Decimal(10, 2)", "Decimal(12, 3)"],
    ["Enum8('a' = 1)", "Enum8('a' = 1, 'b' = 2)"],
    ["Array(UInt8)", "Array(UInt16)"],
    ["FixedString(2)", "FixedString(4)"],
  ])("%s to %s", (from, to) => expect(widens(from, to)).toBe(true));

  it.each([
    ["UInt16", "UInt8"],
    ["Int8", "UInt16"],
    ["UInt16", "Int16"],
    ["String", "UInt8"],
    ["UInt64", "Float64"],
    ["Nullable(String)", "String"],
    ["DateTime64(3)", "DateTime"],
    ["Decimal(10, 2)", "Decimal(10, 4)"],
    ["Enum8('a' = 1, 'b' = 2)", "Enum8('a' = 1)"],
    ["Array(String)", "String"],
  ])("not %s to %s", (from, to) => expect(widens(from, to)).toBe(false));
});

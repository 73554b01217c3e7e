import { describe, expect, it } from "vitest";
import {
  canonicalText,
  collectionSettings,
  readingFrom,
  renameObject,
  sourceOf,
  viewParts,
} from "../../../../infra/clickhouse/statement";

describe("canonicalText", () => {
  it("is the same whatever the layout and comments", () => {
    const wide = "-- what it is\nCREATE TABLE t\n(\n  a String -- first\n)\nENGINE = Memory;\n";
    expect(canonicalText(wide)).toBe("CREATE TABLE t ( a String ) ENGINE = Memory");
  });

  it("keeps the spaces of strings", () => {
    expect(canonicalText("SELECT  'a  b'  ;")).toBe("SELECT 'a  b'");
  });
});

describe("viewParts", () => {
  it("finds target and query, as written and in the engine's words", () => {
    expect(viewParts("CREATE MATERIALIZED VIEW v TO t AS SELECT a AS b FROM q")).toEqual({
      target: "t",
      query: "SELECT a AS b FROM q",
    });
    const worded =
      "CREATE MATERIALIZED VIEW default.v TO default.t (`b` UInt8) DEFINER = admin SQL SECURITY DEFINER AS SELECT a AS b FROM default.q";
    expect(viewParts(worded)).toEqual({
      target: "default.t",
      query: "SELECT a AS b FROM default.q",
    });
  });
});

describe("readingFrom", () => {
  it("puts another source in the place of a table, wherever it is read, under its name", () => {
    const query = "SELECT t.a, (SELECT max(a) FROM default.t) FROM default.t WHERE b = 't'";
    expect(sourceOf(`CREATE MATERIALIZED VIEW v TO x AS SELECT a FROM default.t`)).toBe("t");
    expect(readingFrom(query, "t", "(SELECT 1)")).toBe(
      "SELECT t.a, (SELECT max(a) FROM (SELECT 1) AS `t`) FROM (SELECT 1) AS `t` WHERE b = 't'",
    );
    expect(readingFrom("SELECT x.a FROM t AS x", "t", "(SELECT 1)")).toBe(
      "SELECT x.a FROM (SELECT 1) AS x",
    );
  });
});

describe("collectionSettings", () => {
  it("reads plain and dotted keys", () => {
    const sql =
      "CREATE NAMED COLLECTION c AS kafka_broker_list = 'k:1', `kafka.group_instance_id` = 'x'";
    expect(collectionSettings(sql)).toEqual([
      { key: "kafka_broker_list", value: "'k:1'" },
      { key: "`kafka.group_instance_id`", value: "'x'" },
    ]);
  });
});

describe("renameObject", () => {
  it("renames a plain and a qualified object of any kind, and nothing else", () => {
    expect(renameObject("CREATE TABLE a (a UInt8)", "b")).toBe("CREATE TABLE b (a UInt8)");
    expect(renameObject("CREATE TABLE default.`a` (`a` UInt8)", "b")).toBe(
      "CREATE TABLE b (`a` UInt8)",
    );
    expect(renameObject("CREATE MATERIALIZED VIEW a TO t AS SELECT 1", "b")).toBe(
      "CREATE MATERIALIZED VIEW b TO t AS SELECT 1",
    );
  });
});

import { describe, expect, it } from "vitest";
import {
  canonicalText,
  collectionSettings,
  renameTable,
  splitView,
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

describe("splitView", () => {
  it("parts the head from the query, past an alias", () => {
    expect(splitView("CREATE MATERIALIZED VIEW v TO t AS SELECT a AS b FROM q")).toEqual({
      head: "CREATE MATERIALIZED VIEW v TO t",
      query: "SELECT a AS b FROM q",
    });
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

describe("renameTable", () => {
  it("renames a plain and a qualified table, and nothing else", () => {
    expect(renameTable("CREATE TABLE a (a UInt8)", "b")).toBe("CREATE TABLE b (a UInt8)");
    expect(renameTable("CREATE TABLE default.`a` (`a` UInt8)", "b")).toBe(
      "CREATE TABLE b (`a` UInt8)",
    );
  });
});

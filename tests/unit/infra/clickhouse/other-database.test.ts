import { describe, expect, it } from "vitest";
import { inDatabase, isNamedIn } from "../../../../infra/clickhouse/other-database";

describe("statements in another database than that in which files are understood", () => {
  it.each([
    ["SELECT 1 FROM default.t", "SELECT 1 FROM other.t"],
    [
      "CREATE TABLE `default`.`t` (a UInt8 DEFAULT 1)",
      "CREATE TABLE other.`t` (a UInt8 DEFAULT 1)",
    ],
    ["SELECT default.t.a FROM default.t", "SELECT other.t.a FROM other.t"],
    ["SELECT 'default.t', x.default.y FROM t -- default.t", "SELECT 'default.t', x.default.y FROM t -- default.t"], // prettier-ignore
  ])("name it where %j named the one", (sql, expected) => {
    expect(inDatabase(sql, "default", "other")).toBe(expected);
  });

  it("are read back in the words of the one, and left as they are where it is the same", () => {
    const sql = "CREATE MATERIALIZED VIEW other.v TO other.t AS SELECT a FROM other.k";
    expect(inDatabase(sql, "other", "default")).toBe(
      "CREATE MATERIALIZED VIEW default.v TO default.t AS SELECT a FROM default.k",
    );
    expect(inDatabase(sql, "default", "default")).toBe(sql);
  });

  it("know a name that files have given to something else", () => {
    expect(isNamedIn("SELECT a AS rank FROM t", "rank")).toBe(true);
    expect(isNamedIn("SELECT 'rank' FROM t -- rank", "rank")).toBe(false);
  });
});

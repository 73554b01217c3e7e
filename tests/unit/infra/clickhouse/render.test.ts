import { describe, expect, it } from "vitest";
import { placeholderNames, renderSql } from "../../../../infra/clickhouse/render";

describe("renderSql", () => {
  it("quotes strings and identifiers and leaves numbers bare", () => {
    const sql = "SELECT {a:String}, {b:UInt64}, {c:Identifier}";
    expect(renderSql(sql, { a: "it's \\ here", b: 7, c: "odd`name" }, "f.sql")).toBe(
      "SELECT 'it\\'s \\\\ here', 7, `odd\\`name`",
    );
  });

  it("leaves strings and comments alone", () => {
    const sql = "SELECT '{a:String}' -- {b:String}\n/* {c:String} */";
    expect(renderSql(sql, {}, "f.sql")).toBe(sql);
    expect(placeholderNames(sql)).toEqual([]);
  });

  it("names file, line and what there is for a placeholder without a value", () => {
    expect(() => renderSql("SELECT 1,\n{missing:String}", { a: 1 }, "sql/f.sql")).toThrow(
      "sql/f.sql:2: placeholder {missing:String} has no value. There are: a.",
    );
  });

  it("refuses text where a number is declared", () => {
    expect(() => renderSql("SELECT {n:UInt64}", { n: "1; DROP" }, "f.sql")).toThrow(
      'f.sql:1: placeholder {n:UInt64} takes a whole number, not "1; DROP".',
    );
  });

  it("refuses a type it does not know", () => {
    expect(() => renderSql("{n:Float64}", { n: 1 }, "f.sql")).toThrow("unknown type");
  });
});

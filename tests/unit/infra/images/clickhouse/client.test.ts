import { describe, expect, it } from "vitest";
import { parseOptions } from "../../../../../infra/images/clickhouse/client/options";
import { isComplete, splitStatements } from "../../../../../infra/images/clickhouse/client/split";
import { TrailerFilter } from "../../../../../infra/images/clickhouse/client/trailer";

describe("parseOptions", () => {
  it("takes long and short options, settings and parameters", () => {
    const options = parseOptions(
      "-q|SELECT 1|--query=SELECT 2|-mn|-h|db|--port|9000|-ume|--password|p w|-d|x|-f|CSV|-t|--max_threads=1|--final|--param_a|it's|--param_b=".split(
        "|",
      ),
    );
    expect(options).toMatchObject({
      queries: ["SELECT 1", "SELECT 2"],
      host: "db",
      port: 8123,
      user: "me",
      password: "p w",
      database: "x",
      format: "CSV",
      multiline: true,
      time: true,
      settings: { max_threads: "1", final: "1" },
      params: { a: "it's", b: "" },
    });
  });

  it.each([
    [["--query"], "'--query' is missing"],
    [["-Z"], "Unrecognized option '-Z'"],
    [["stray"], "Unrecognized option 'stray'"],
    [["--port", "x"], "'--port' is invalid"],
  ])("refuses %j", (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(message);
  });
});

describe("splitStatements", () => {
  const texts = (text: string) => splitStatements(text).map((piece) => piece.text);

  it("cuts at semicolons outside quotes and comments", () => {
    expect(texts("SELECT ';'; -- a;b\nSELECT 2 /* ; */;;\n-- end")).toEqual([
      "SELECT ';'",
      "-- a;b\nSELECT 2 /* ; */",
    ]);
    expect(texts(" \n")).toEqual([]);
  });

  it("gives an INSERT its data", () => {
    expect(texts("INSERT INTO t VALUES (1, ';'), (2, '');SELECT 1")).toEqual([
      "INSERT INTO t VALUES (1, ';'), (2, '')",
      "SELECT 1",
    ]);
    expect(texts("INSERT INTO t FORMAT CSV\n1,;\n2,x\n\nSELECT 1")).toEqual([
      "INSERT INTO t FORMAT CSV\n1,;\n2,x",
      "SELECT 1",
    ]);
    expect(texts('INSERT INTO t FORMAT JSONEachRow {"a":";"}')).toEqual([
      'INSERT INTO t FORMAT JSONEachRow {"a":";"}',
    ]);
    expect(splitStatements("INSERT INTO t FORMAT CSV;")[0]).toMatchObject({ wantsData: true });
    expect(splitStatements("INSERT INTO t VALUES")[0]).toMatchObject({ wantsData: true });
    expect(splitStatements("INSERT INTO t FORMAT CSV\n1")[0]).toMatchObject({ wantsData: false });
  });

  it("knows \\G, and when a text is complete", () => {
    expect(splitStatements("SELECT 1\\G SELECT 2")).toMatchObject([
      { text: "SELECT 1", vertical: true },
      { text: "SELECT 2", vertical: false },
    ]);
    expect(["SELECT 1;", "SELECT 1; -- x", "SELECT 1\\G\n"].every(isComplete)).toBe(true);
    expect(["SELECT 1", "SELECT ';", "-- ;"].some(isComplete)).toBe(false);
  });
});

describe("TrailerFilter", () => {
  const tag = "0123456789abcdef";
  const trailer = `\r\n__exception__\r\n${tag}\r\nCode: 1. x (Y)\n15 ${tag}\r\n__exception__\r\n`;

  it.each([1, 7, 1_000])("parts answer and exception, in chunks of %i bytes", (size) => {
    const filter = new TrailerFilter(tag);
    const all = Buffer.from(`1\n2\n${trailer}`);
    let answer = "";
    for (let at = 0; at < all.length; at += size)
      answer += filter.push(all.subarray(at, at + size)).toString();
    const { rest, exception } = filter.end();
    expect(answer + rest.toString()).toBe("1\n2\n");
    expect(exception).toBe("Code: 1. x (Y)");
  });

  it("lets a whole answer through", () => {
    const filter = new TrailerFilter(tag);
    const sure = filter.push(Buffer.from("1\n")).toString();
    const { rest, exception } = filter.end();
    expect(sure + rest.toString()).toBe("1\n");
    expect(exception).toBeUndefined();
  });
});

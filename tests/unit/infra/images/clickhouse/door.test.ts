import { mkdtempSync, renameSync, rmSync, appendFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { EngineLog } from "../../../../../infra/images/clickhouse/door/engine-log";
import {
  DoorError,
  fromEngine,
  statusOf,
} from "../../../../../infra/images/clickhouse/door/errors";
import { contentType, streams } from "../../../../../infra/images/clickhouse/door/formats";
import { checkAllowed } from "../../../../../infra/images/clickhouse/door/rules";
import { marked } from "../../../../../infra/images/clickhouse/door/run";
import { withoutSecrets } from "../../../../../infra/images/clickhouse/door/secrets";
import { fromFile } from "../../../../../infra/images/clickhouse/door/spool";
import { parseStatement } from "../../../../../infra/images/clickhouse/door/statement";

const parse = (text: string) => parseStatement(Buffer.from(text));

describe("parseStatement", () => {
  it.each([
    ["SELECT 1", "SELECT 1", undefined],
    ["SELECT ';' -- ;\n ;", "SELECT ';' -- ;", undefined],
    ["SELECT 1 FORMAT JSON;;", "SELECT 1 FORMAT JSON", "JSON"],
    ["SELECT 1 FORMAT TSV SETTINGS max_threads = 1", undefined, "TSV"],
    ["SELECT format FROM t", undefined, undefined],
    ["SELECT * FROM (SELECT 1 FORMAT Null)", undefined, undefined],
    ["SELECT $a$;$a$ # ;", "SELECT $a$;$a$ # ;", undefined],
  ])("reads %j", (text, sql, format) => {
    expect(parse(text)).toMatchObject({ sql: sql ?? text, format, takesData: false });
  });

  it("refuses a second statement", () => {
    expect(() => parse("SELECT 1; SELECT 2")).toThrow(/^Code: 62\..*Multi-statements/);
    expect(() => parse("SELECT '\\'' ;\n/* */ SELECT 2")).toThrow(/^Code: 62/);
  });

  it.each([
    ["INSERT INTO t FORMAT CSV\n1,a\n", "INSERT INTO t FORMAT CSV", "CSV", "1,a\n"],
    ["INSERT INTO t FORMAT TSV 1\t2", "INSERT INTO t FORMAT TSV", "TSV", "1\t2"],
    ["insert into t (a) values (1); ", "insert into t (a) FORMAT Values", "Values", "(1); "],
    ["INSERT INTO t FORMAT CSV", "INSERT INTO t FORMAT CSV", "CSV", undefined],
    ["INSERT INTO t SELECT * FROM input('a UInt8') FORMAT CSV\n1", "INSERT INTO t SELECT * FROM input('a UInt8') FORMAT CSV", "CSV", "1"], // prettier-ignore
    ["INSERT INTO `format` (values) FORMAT CSV\n;", "INSERT INTO `format` (values) FORMAT CSV", "CSV", ";"], // prettier-ignore
  ])("cuts the data off %j", (text, sql, format, data) => {
    const statement = parse(text);
    expect(statement).toMatchObject({ verb: "INSERT", sql, format, takesData: true });
    expect(statement.inlineData?.toString()).toBe(data);
  });

  it("keeps data as bytes", () => {
    const data = Buffer.from([0, 255, 10, 39, 128]);
    const statement = parseStatement(
      Buffer.concat([Buffer.from("INSERT INTO t FORMAT Native\n"), data]),
    );
    expect(statement.inlineData).toEqual(data);
  });

  it("leaves an INSERT with a SELECT whole", () => {
    const text = "INSERT INTO t SELECT 'FORMAT CSV' FROM u";
    expect(parse(text)).toMatchObject({ sql: text, takesData: false, inlineData: undefined });
  });
});

describe("fromFile", () => {
  it.each([
    ["INSERT INTO t FORMAT CSV", undefined, "INSERT INTO t FROM INFILE '/f' FORMAT CSV"],
    ["INSERT INTO t (`format`) SETTINGS a = 1 FORMAT CSV", "gzip", "INSERT INTO t (`format`) FROM INFILE '/f' COMPRESSION 'gzip' SETTINGS a = 1 FORMAT CSV"], // prettier-ignore
    ["INSERT INTO t SELECT a FROM input('a UInt8') WHERE a FORMAT CSV", undefined, "INSERT INTO t SELECT a FROM file('/f', 'CSV', 'a UInt8') WHERE a "], // prettier-ignore
  ])("%s", (sql, compression, expected) => {
    expect(fromFile(sql, "/f", compression)).toBe(expected);
  });
});

it("marks a statement where it changes nothing", () => {
  expect(marked(parse("SELECT 1 -- x"), "/* m */")).toBe("SELECT 1 -- x\n/* m */");
  expect(marked(parse("INSERT INTO t SELECT 1"), "/* m */")).toBe("/* m */ INSERT INTO t SELECT 1");
});

describe("checkAllowed", () => {
  const check = (sql: string, profile: "admin" | "reader", method = "POST", params = {}) =>
    checkAllowed(parse(sql), { name: "me", profile }, method, params, (text) =>
      Promise.resolve(text.replace(/\/\*.*?\*\//g, " ").replace(/\s+/g, " ")),
    );

  it("lets an admin do what POST may", async () => {
    await check("DROP TABLE t", "admin");
    await check("SELECT 'INTO OUTFILE'", "admin");
    await expect(check("DROP TABLE t", "admin", "GET")).rejects.toMatchObject({ code: 164 });
    await expect(check("SELECT 1 INTO OUTFILE 'x'", "admin")).rejects.toMatchObject({ code: 358 });
  });

  it("keeps a reader to reading its own", async () => {
    await check("SELECT 1", "reader");
    await check("SELECT killed FROM t", "reader");
    await expect(check("SET/* */ROLE admin", "reader")).rejects.toMatchObject({ code: 164 });
    await expect(check("SHOW PROCESSLIST", "reader")).rejects.toMatchObject({ code: 497 });
    await expect(
      check("SELECT * FROM {t:Identifier}", "reader", "POST", { t: "system.processes" }),
    ).rejects.toMatchObject({ code: 497 });
  });
});

describe("errors", () => {
  it("says once what the engine's layers say twice", () => {
    const error = fromEngine(
      new Error(
        "Query failed: Code: 27. DB::Exception: Code: 27. DB::Exception: Cannot parse (a): b. (CANNOT_PARSE_X) (version 26.7.2.1). (CANNOT_PARSE_X)",
      ),
    );
    expect(error.message).toBe("Code: 27. DB::Exception: Cannot parse (a): b. (CANNOT_PARSE_X)");
    expect(error.code).toBe(27);
  });

  it("keeps its own, and names the unknown", () => {
    const own = new DoorError(373, "SESSION_IS_LOCKED", "x");
    expect(fromEngine(own)).toBe(own);
    expect(fromEngine("what").code).toBe(1002);
  });

  it("has the server's statuses", () => {
    expect([62, 60, 516, 159, 48, 164, 9999].map(statusOf)).toEqual([
      400, 404, 403, 408, 501, 500, 500,
    ]);
  });
});

it("knows what can be streamed, and its type", () => {
  expect(["Native", "CSV", "JSONEachRow", "RowBinary"].every(streams)).toBe(true);
  expect(["JSON", "CSVWithNames", "Values", "Pretty", "Parquet"].some(streams)).toBe(false);
  expect(contentType("JSONCompact")).toBe("application/json; charset=UTF-8");
  expect(contentType("JSONCompactEachRow")).toBe("application/x-ndjson; charset=UTF-8");
  expect(contentType("PrettyCompact")).toBe("text/plain; charset=UTF-8");
});

it("hides secrets", () => {
  expect(withoutSecrets("CREATE NAMED COLLECTION c AS a = 'x', b = 2")).not.toMatch(/x'|2/);
  expect(withoutSecrets("CREATE USER u IDENTIFIED BY 'pa\\'ss'")).not.toContain("ss");
  expect(withoutSecrets("SELECT password FROM t WHERE a = 'b'")).toContain("'b'");
});

describe("EngineLog", () => {
  const dirs: string[] = [];
  afterEach(() => dirs.splice(0).forEach((dir) => rmSync(dir, { recursive: true })));
  const line = (id: string, text: string) =>
    `2026.01.31 00:00:00.000000 [ 1 ] {${id}} <Debug> executeQuery: ${text}\n`;
  const query = (id: string, mark: string) =>
    line(id, `(from 127.0.0.1:0) SELECT 1 /* ${mark} */ (stage: Complete)`) +
    line(id, "Read 10 rows, 1.50 KiB in 0.001 sec., 1 rows/sec., 1 B/sec.");

  it("tells what a query read, once, also after a new file was begun", async () => {
    const dir = mkdtempSync(join(tmpdir(), "engine-log-"));
    dirs.push(dir);
    const file = join(dir, "log");
    writeFileSync(file, query("a", "door:1"));
    const log = new EngineLog(file);
    appendFileSync(file, query("b", "door:2") + line("c", "SELECT 1 /* door:3 */").slice(0, -9));
    expect(await log.take("door:1")).toBeUndefined();
    expect(await log.take("door:2")).toEqual({ rows: 10, bytes: 1_536 });
    expect(await log.take("door:2")).toBeUndefined();
    renameSync(file, `${file}.0`);
    writeFileSync(file, query("d", "door:4"));
    expect(await log.take("door:4")).toEqual({ rows: 10, bytes: 1_536 });
  });
});

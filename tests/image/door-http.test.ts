import { once } from "node:events";
import { request } from "node:http";
import { gunzipSync, gzipSync, brotliCompressSync, deflateSync, inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMIN, basic, Door, READER } from "./door";

const door = new Door();
beforeAll(async () => {
  await door.start();
  await door.ask("CREATE TABLE seen (id UInt32, name String) ENGINE = MergeTree ORDER BY id");
  await door.ask("CREATE TABLE hidden (id UInt32) ENGINE = MergeTree ORDER BY id");
});
afterAll(() => door.remove());

const count = (where = "1") => door.ask(`SELECT count() FROM seen WHERE ${where}`);
const get = (path: string, init: RequestInit = {}) =>
  fetch(`${door.url}${path}`, { headers: basic(ADMIN), ...init });

describe("HTTP", () => {
  it("answers health checks, browsers and wrong paths as the server does", async () => {
    for (const path of ["/", "/ping", "/replicas_status"])
      expect(await (await get(path, { headers: {} })).text()).toBe("Ok.\n");
    expect((await get("/ping", { method: "HEAD" })).status).toBe(200);
    const options = await get("/", { method: "OPTIONS" });
    expect(options.status).toBe(204);
    expect(options.headers.get("access-control-allow-methods")).toBe("POST, GET, OPTIONS");
    expect((await get("/nothing")).status).toBe(404);
  });

  it("takes a GET, a statement cut between URL and body, and HEAD", async () => {
    const response = await get("/?query=SELECT%201,%20'a'&query_id=q-1");
    expect(await response.text()).toBe("1\ta\n");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/tab-separated-values; charset=UTF-8",
      "x-clickhouse-format": "TabSeparated",
      "x-clickhouse-query-id": "q-1",
      "x-clickhouse-timezone": "UTC",
      "x-clickhouse-server-display-name": "steamline-embedded",
    });
    expect(await (await door.post("1 + 1", { query: "SELECT" })).text()).toBe("2\n");
    expect((await get("/?query=SELECT%201", { method: "HEAD" })).status).toBe(200);
  });

  it("only reads on GET", async () => {
    const response = await get("/?query=CREATE%20TABLE%20no%20(a%20UInt8)%20ENGINE=Memory");
    expect(await response.text()).toMatch(/^Code: 164\..*\(READONLY\)/);
  });

  it.each([
    ["SELECT * FROM nope", 404, 60],
    ["SELECTT 1", 400, 62],
    ["SELECT nope", 404, 47],
    ["SELECT toUInt8('x')", 400, 6],
    ["SELECT 1; SELECT 2", 400, 62],
    ["", 400, 62],
    ["SELECT 1 INTO OUTFILE '/tmp/x'", 500, 358],
    ["INSERT INTO seen FROM INFILE '/etc/passwd' FORMAT CSV", 404, 78],
    ["SELECT sleep(3) SETTINGS max_execution_time = 1", 408, 159],
  ])("answers %s with status %i and code %i", async (statement, status, code) => {
    const response = await door.post(statement);
    expect(response.status).toBe(status);
    expect(response.headers.get("x-clickhouse-exception-code")).toBe(String(code));
    const text = await response.text();
    expect(text).toMatch(new RegExp(`^Code: ${code}\\. DB::Exception: [\\s\\S]*\\([A-Z_]+\\) \\(version 26`)); // prettier-ignore
    expect(text).not.toContain("door:");
  });

  it("takes semicolons, comments and FORMAT at the end", async () => {
    expect(await door.ask("SELECT ';' -- a; b\n;  /* ; */ ")).toBe(";");
    expect(await door.ask("SELECT $$;$$ # ;\n FORMAT TSV;")).toBe(";");
    expect(await door.ask("SELECT format FROM (SELECT 1 AS format) SETTINGS max_threads = 1")).toBe(
      "1",
    );
  });

  it("puts parameters, settings and format where the URL says", async () => {
    const fields = { param_a: "it's\\ta\\\\b", default_format: "JSONEachRow", max_threads: "3" };
    expect(await door.ask("SELECT {a:String} AS a, getSetting('max_threads') AS t", fields)).toBe(
      JSON.stringify({ a: "it's\ta\\b", t: 3 }),
    );
    expect(await door.ask("SELECT 1", { nonsense: "1" })).toMatch(/^Code: 115/);
    expect(await door.ask("SELECT {a:UInt8}", { param_a: "x" })).toMatch(/^Code: 457/);
    expect(await door.ask("SELECT {a:UInt8}")).toMatch(/^Code: 456/);
    expect(await door.ask("SELECT currentDatabase()", { database: "system" })).toBe("system");
    expect(await door.ask("SELECT 1", { database: "nope" })).toMatch(/^Code: 81/);
  });

  it("takes forms", async () => {
    const form = new FormData();
    form.set("query", "SELECT {a:Array(String)} AS a");
    form.set("param_a", "['it\\'s','b']");
    form.set("max_threads", "1");
    const response = await door.post(form, { default_format: "TSV" });
    expect(await response.text()).toBe("['it\\'s','b']\n");
    form.set("external", new Blob(["1"]), "external.tsv");
    expect((await door.post(form)).status).toBe(501);
  });

  it("lets accounts in by every way, and nobody else", async () => {
    const ask = (headers: Record<string, string>, fields = {}) =>
      fetch(`${door.url}/?${new URLSearchParams(fields).toString()}`, {
        method: "POST",
        body: "SELECT 1",
        headers,
      });
    const { user, password } = READER;
    expect((await ask(basic(READER))).status).toBe(200);
    expect((await ask({ "X-ClickHouse-User": user, "X-ClickHouse-Key": password })).status).toBe(200); // prettier-ignore
    expect((await ask({}, { user, password })).status).toBe(200);
    expect((await ask({})).status).toBe(200);
    for (const wrong of [
      { user: "admin", password: "x" },
      { user: "nobody", password: "" },
    ]) {
      const response = await ask(basic(wrong));
      expect(response.status).toBe(403);
      expect(response.headers.get("x-clickhouse-exception-code")).toBe("516");
    }
  });

  it("lets default in from inside only", async ({ skip }) => {
    const outside = door.urlFromOutside;
    if (outside === undefined) return skip("This machine has the loopback alone.");
    const ask = (headers: Record<string, string>) => fetch(`${outside}/?query=SELECT%201`, { headers }); // prettier-ignore
    expect((await ask({})).status).toBe(403);
    expect((await ask(basic(ADMIN))).status).toBe(200);
  });

  it("packs answers as the client accepts them", async () => {
    const ask = async (encoding: string, fields = {}) => {
      const call = request(`${door.url}/?${new URLSearchParams({ query: "SELECT repeat('a', 9999)", ...fields }).toString()}`, { headers: { ...basic(ADMIN), "accept-encoding": encoding } }); // prettier-ignore
      call.end();
      const [response] = (await once(call, "response")) as [import("node:http").IncomingMessage];
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      return { encoding: response.headers["content-encoding"], body: Buffer.concat(chunks) };
    };
    const on = { enable_http_compression: "1" };
    expect((await ask("gzip")).encoding).toBeUndefined();
    const gzip = await ask("lz4, gzip;q=0.5", on);
    expect(gzip.encoding).toBe("gzip");
    expect(gunzipSync(gzip.body).length).toBe(10_000);
    const deflate = await ask("deflate", on);
    expect(inflateSync(deflate.body).length).toBe(10_000);
    expect((await ask("lz4", on)).encoding).toBeUndefined();
  });

  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
  ])("unpacks bodies of %s, data and statements", async (encoding, pack) => {
    const headers = { "content-encoding": encoding };
    const before = Number(await count());
    const query = "INSERT INTO seen FORMAT CSV";
    const body = pack(Buffer.from("1,a\n2,b\n"));
    expect((await door.post(body, { query }, { headers })).status).toBe(200);
    const whole = pack(Buffer.from(`${query}\n3,c\n`));
    expect((await door.post(whole, {}, { headers })).status).toBe(200);
    const select = await door.post(pack(Buffer.from("SELECT 'packed'")), {}, { headers });
    expect(await select.text()).toBe("packed\n");
    expect(Number(await count()) - before).toBe(3);
    const broken = await door.post(Buffer.from("no such thing"), { query }, { headers });
    expect(broken.status).toBe(500);
  });

  it("moves data between itself in Native, RowBinary and Parquet", async () => {
    for (const format of ["Native", "RowBinary", "Parquet", "JSONEachRow", "Values"]) {
      await door.ask("CREATE OR REPLACE TABLE copy AS seen");
      const answer = await door.post(
        `SELECT toUInt32(number) AS id, char(0, 255, 39, 92) AS name FROM numbers(70000) FORMAT ${format}`,
      );
      const sent = await door.post(await answer.arrayBuffer(), { query: `INSERT INTO copy FORMAT ${format}` }); // prettier-ignore
      expect(await sent.text()).toBe("");
      expect(await door.ask("SELECT count(), hex(any(name)) FROM copy"), format).toBe(
        "70000\t00FF275C",
      );
    }
  });

  it("takes INSERTs with data behind them, through input(), and empty", async () => {
    const before = Number(await count());
    const summary = async (body: string, fields = {}) => {
      const response = await door.post(body, fields);
      expect(await response.text()).toBe("");
      return JSON.parse(response.headers.get("x-clickhouse-summary") ?? "{}") as { written_rows: string }; // prettier-ignore
    };
    expect((await summary("INSERT INTO seen FORMAT TSV\n1\ta;b\n2\tc\n")).written_rows).toBe("2");
    await summary("(3, 'c')", { query: "INSERT INTO seen VALUES" });
    await summary("INSERT INTO seen (id) SETTINGS max_threads = 1 VALUES (4), (5);");
    await summary("INSERT INTO seen SELECT a + 1, b FROM input('a UInt32, b String') WHERE a > 1 FORMAT CSV\n1,x\n2,y\n"); // prettier-ignore
    await summary("INSERT INTO seen FORMAT CSV\n");
    await summary("", { query: "INSERT INTO seen FORMAT JSONEachRow" });
    await summary("INSERT INTO seen VALUES ({id:UInt32}, {name:String})", { param_id: "6", param_name: "p" }); // prettier-ignore
    expect(Number(await count()) - before).toBe(7);
    expect(await door.ask("INSERT INTO nope FORMAT CSV\n1\n")).toMatch(/^Code: 60/);
  });

  it("inserts nothing of a body that breaks off", async () => {
    const before = await count();
    const query = encodeURIComponent("INSERT INTO seen FORMAT CSV");
    const call = request(`${door.url}/?query=${query}`, { method: "POST", headers: basic(ADMIN) });
    call.on("error", () => undefined);
    call.write("1,broken\n".repeat(1_000));
    setTimeout(() => call.destroy(), 200);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await count()).toBe(before);
  });

  it("tells of an error behind the first byte", async () => {
    const response = await door.post("SELECT throwIf(number = 500000) FROM numbers(1000000)", { max_block_size: "1000", max_threads: "1" }); // prettier-ignore
    expect(response.status).toBe(200);
    const tag = response.headers.get("x-clickhouse-exception-tag") ?? "none";
    expect((await response.text()).slice(-700)).toMatch(
      new RegExp(`\\r\\n__exception__\\r\\n${tag}\\r\\nCode: 395[\\s\\S]* ${tag}\\r\\n__exception__\\r\\n$`), // prettier-ignore
    );
  });

  it("keeps sessions, locks them and forgets them", async () => {
    const session = { session_id: "s1", session_timeout: "1" };
    expect(await door.ask("SELECT 1", { ...session, session_check: "1" })).toMatch(/^Code: 372/);
    await door.ask("USE system", session);
    expect(await door.ask("SELECT currentDatabase()", session)).toBe("system");
    const slow = door.ask("SELECT sleep(1)", session);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await door.ask("SELECT 1", session)).toMatch(/^Code: 373.*SESSION_IS_LOCKED/);
    expect(await slow).toBe("0");
    expect(await door.ask("SELECT 1", session, READER)).toBe("1");
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(await door.ask("SELECT 1", { ...session, session_check: "1" })).toMatch(/^Code: 372/);
    expect(await door.ask("SELECT 1", { session_id: "x", session_timeout: "9999" })).toMatch(/^Code: 374/); // prettier-ignore
  });

  it("runs queries side by side", async () => {
    const began = Date.now();
    const all = await Promise.all(Array.from({ length: 8 }, () => door.ask("SELECT sleep(1)")));
    expect(all).toEqual(Array(8).fill("0"));
    expect(Date.now() - began).toBeLessThan(1_900);
  });

  it.each([
    ["SELECT count() FROM hidden", 497],
    ["INSERT INTO seen VALUES (1, 'x')", 164],
    ["DROP TABLE seen", 164],
    ["CREATE TABLE x (a UInt8) ENGINE = Memory", 164],
    ["SET ROLE admin", 164],
    ["/* a */ SET -- b\n ROLE admin", 164],
    ["SET DEFAULT ROLE admin TO default", 164],
    ["KILL QUERY WHERE 1", 164],
    ["SELECT 1; SET ROLE admin", 62],
    ["SELECT 1 # '\n; SET ROLE admin", 62],
    ["SELECT * FROM system.processes", 497],
    ["SHOW PROCESSLIST", 497],
    ["SELECT * FROM system.`query\\x5flog`", 497],
    ["SELECT * FROM merge('system', 'proc.*')", 497],
    ["SELECT * FROM file('/etc/passwd', 'LineAsString')", 497],
    ["SELECT 1 INTO/**/OUTFILE '/tmp/x'", 358],
    ["SELECT 1 SETTINGS readonly = 0", 164],
    ["SET final = 0", 164],
    ["SYSTEM FLUSH LOGS", 164],
  ])("keeps a reader from %s", async (statement, code) => {
    for (const fields of [{}, { session_id: "reader" }])
      expect(await door.ask(statement, fields, READER)).toMatch(new RegExp(`^Code: ${code}\\.`));
  });

  it("gives a reader its limits, whatever it asks for", async () => {
    const ask = (fields: Record<string, string>) =>
      door.ask("SELECT getSetting('readonly'), getSetting('final'), getSetting('max_execution_time'), getSetting('max_memory_usage')", fields, READER); // prettier-ignore
    expect(await ask({})).toBe("1\ttrue\t60\t2000000000");
    expect(await ask({ max_execution_time: "5" })).toBe("1\ttrue\t5\t2000000000");
    expect(await ask({ max_execution_time: "0" })).toBe("1\ttrue\t60\t2000000000");
    expect(await ask({ max_memory_usage: "3000000000" })).toMatch(/^Code: 164/);
    expect(await ask({ role: "admin" })).toMatch(/^Code: 511/);
    expect(await door.ask("SELECT 1", { database: "nope", session_id: "new" }, READER)).toMatch(/^Code: 497/); // prettier-ignore
    expect(await door.ask("SELECT getSetting('readonly')", { session_id: "new" }, READER)).toBe("1"); // prettier-ignore
  });

  it("serves the engine's log as system.text_log", async () => {
    const found = await door.ask("SELECT count() > 0 FROM system.text_log WHERE level = 'Information' AND logger_name = 'StatusFile' AND event_time > now() - 600 AND event_date >= yesterday()"); // prettier-ignore
    expect(found).toBe("1");
  });

  it("hides passwords in system.query_log", async () => {
    await door.ask("CREATE NAMED COLLECTION hush AS user = 'u1', password = 'p-secret'");
    await door.ask("SYSTEM FLUSH LOGS");
    const logged = await door.ask("SELECT query FROM system.query_log WHERE query LIKE '%hush%' FORMAT TSVRaw"); // prettier-ignore
    expect(logged).toContain("[HIDDEN]");
    expect(logged).not.toContain("p-secret");
  });
});

import { Readable } from "node:stream";
import { createClient, type ClickHouseClient, ClickHouseError } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMIN, Door, READER } from "./door";

const door = new Door();
let client: ClickHouseClient;
const make = (more: object = {}) =>
  createClient({ url: door.url, username: ADMIN.user, password: ADMIN.password, ...more });

beforeAll(async () => {
  await door.start();
  client = make();
  await client.command({
    query: "CREATE TABLE seen (id UInt32, name String) ENGINE = MergeTree ORDER BY id",
  });
});
afterAll(async () => {
  await client.close();
  await door.remove();
});

const count = async (table = "seen") => {
  const result = await client.query({ query: `SELECT count() AS n FROM ${table}` });
  return Number((await result.json<{ n: string }>()).data[0]?.n);
};

describe("@clickhouse/client", () => {
  it("pings, with and without the account", async () => {
    expect(await client.ping()).toEqual({ success: true });
    expect(await client.ping({ select: true })).toEqual({ success: true });
    const wrong = make({ password: "wrong" });
    expect(await wrong.ping({ select: true })).toMatchObject({ success: false });
    await wrong.close();
  });

  it("inserts arrays, object streams, CSV streams and what an INSERT itself carries", async () => {
    const before = await count();
    const rows = await client.insert({
      table: "seen",
      values: [
        { id: 1, name: "a'b\\c\n" },
        { id: 2, name: "✓" },
      ],
      format: "JSONEachRow",
    });
    expect(rows.summary?.written_rows).toBe("2");
    await client.insert({
      table: "seen",
      values: Readable.from([[3, "c"], [4, "d"]], { objectMode: true }), // prettier-ignore
      format: "JSONCompactEachRow",
    });
    await client.insert({
      table: "seen",
      values: Readable.from(['5,"e,"\n', '6,"f\ng"\n'], { objectMode: false }),
      format: "CSV",
      columns: ["id", "name"],
    });
    const values = await client.command({ query: "INSERT INTO seen VALUES (7, 'x;y'), (8, 'z')" });
    expect(values.summary?.written_rows).toBe("2");
    await client.command({ query: "INSERT INTO seen SELECT number + 9, 's' FROM numbers(2)" });
    await client.insert({ table: "seen", values: [], format: "JSONEachRow" });
    await client.insert({ table: "seen", values: Readable.from([]), format: "JSONEachRow" });
    expect((await count()) - before).toBe(10);
    const names = await client.query({
      query: "SELECT name FROM seen WHERE id IN (1, 2, 6) ORDER BY id",
      format: "JSONCompactEachRow",
    });
    expect(await names.json()).toEqual([["a'b\\c\n"], ["✓"], ["f\ng"]]);
  });

  it("reads JSON, rows, text and streams", async () => {
    const query = "SELECT number AS n FROM numbers(300000)";
    const json = await client.query({ query: `${query} LIMIT 3`, format: "JSON" });
    expect(await json.json()).toMatchObject({ rows: 3, meta: [{ name: "n", type: "UInt64" }] });
    const text = await client.query({ query: `${query} LIMIT 2`, format: "CSVWithNames" });
    expect(await text.text()).toBe('"n"\n0\n1\n');
    const streamed = await client.query({ query, format: "JSONEachRow" });
    let rows = 0;
    for await (const chunk of streamed.stream<{ n: string }>()) rows += chunk.length;
    expect(rows).toBe(300_000);
    const exported = await client.exec({ query: "SELECT 1 AS x FORMAT Pretty" });
    let pretty = "";
    for await (const chunk of exported.stream) pretty += String(chunk);
    expect(pretty).toContain("┃ x ┃");
  });

  it.each([
    ["String", "a'b\\c\td\ne\0 ✓ \\N"],
    ["UInt8", 42],
    ["Array(String)", ["it's", "a\\b", "\n", ""]],
    ["Array(Array(UInt8))", [[1], [], [2, 3]]],
    ["Nullable(String)", null],
    ["Array(Nullable(UInt8))", [1, null]],
    ["Map(String, String)", { "k'": "v\\" }],
    ["Bool", true],
  ])("takes a parameter of type %s: %j", async (type, value) => {
    const result = await client.query({
      query: `SELECT {value:${type}} AS value`,
      query_params: { value },
      format: "JSONEachRow",
    });
    expect(await result.json()).toEqual([{ value }]);
  });

  it("takes dates, names and long lists as parameters", async () => {
    const result = await client.query({
      query:
        "SELECT {at:DateTime64(3)} AS at, {column:Identifier} AS c, length({list:Array(UInt32)}) AS l FROM numbers(1)",
      query_params: {
        at: new Date("2026-01-31T23:59:58.123Z"),
        column: "number",
        list: Array.from({ length: 40_000 }, (_, i) => i),
      },
      format: "JSONEachRow",
    });
    expect(await result.json()).toEqual([{ at: "2026-01-31 23:59:58.123", c: 0, l: 40_000 }]);
  });

  it("sets settings for one request, and keeps a session's own", async () => {
    const ask = async (on: ClickHouseClient, more = {}) => {
      const query = "SELECT getSetting('max_block_size') AS v";
      const result = await on.query({ query, format: "JSONCompactEachRow", ...more });
      return (await result.json<[number]>())[0]?.[0];
    };
    const standard = await ask(client);
    expect(await ask(client, { clickhouse_settings: { max_block_size: "77" } })).toBe(77);
    expect(await ask(client)).toBe(standard);
    const session = make({ session_id: "settings" });
    expect(await ask(session, { clickhouse_settings: { max_block_size: "77" } })).toBe(77);
    expect(await ask(session)).toBe(standard);
    await session.command({ query: "SET max_block_size = 88" });
    expect(await ask(session, { clickhouse_settings: { max_block_size: "77" } })).toBe(77);
    expect(await ask(session)).toBe(88);
    await session.close();
  });

  it("keeps a session's temporary tables, and its database", async () => {
    const session = make({ session_id: "temporary" });
    await session.command({ query: "CREATE TEMPORARY TABLE mine (a UInt8)" });
    await session.insert({ table: "mine", values: [{ a: 7 }], format: "JSONEachRow" });
    const read = await session.query({ query: "SELECT a FROM mine", format: "JSONEachRow" });
    expect(await read.json()).toEqual([{ a: 7 }]);
    await session.close();
    await expect(client.query({ query: "SELECT a FROM mine" })).rejects.toThrow(/mine/);
  });

  it("compresses both ways", async () => {
    const packed = make({ compression: { request: true, response: true } });
    const before = await count();
    await packed.insert({
      table: "seen",
      values: Array.from({ length: 5_000 }, (_, i) => ({ id: i + 1_000, name: "n".repeat(50) })),
      format: "JSONEachRow",
    });
    expect((await count()) - before).toBe(5_000);
    const result = await packed.query({
      query: "SELECT id FROM seen WHERE id >= 1000 ORDER BY id",
      format: "JSONEachRow",
    });
    expect((await result.json()).length).toBe(5_000);
    await expect(packed.query({ query: "SELECT nope" })).rejects.toMatchObject({ code: "47" });
    await packed.close();
  });

  it("gets typed errors, and those behind the first byte", async () => {
    const failed = client.query({ query: "SELECT * FROM nope" });
    await expect(failed).rejects.toBeInstanceOf(ClickHouseError);
    await expect(failed).rejects.toMatchObject({ code: "60", type: "UNKNOWN_TABLE" });
    await expect(
      client.insert({ table: "seen", values: [{ id: "x" }], format: "JSONEachRow" }),
    ).rejects.toBeInstanceOf(ClickHouseError);
    await expect(
      client.command({ query: "SELECT 1", clickhouse_settings: { no_such_setting: 1 } }),
    ).rejects.toMatchObject({ code: "115" });
    const late = await client.query({
      query: "SELECT throwIf(number = 900000) FROM numbers(1000000)",
      format: "JSONEachRow",
      clickhouse_settings: { max_threads: 1, max_block_size: "1000" },
    });
    const read = async () => {
      for await (const rows of late.stream()) void rows;
    };
    await expect(read()).rejects.toMatchObject({ code: "395" });
  });

  it("tells query id and what was read", async () => {
    const result = await client.query({
      query: "SELECT count() FROM numbers(1234)",
      query_id: "mine-1",
      format: "JSON",
    });
    expect(result.query_id).toBe("mine-1");
    await result.text();
    await client.command({ query: "SYSTEM FLUSH LOGS" });
    const logged = await client.query({
      query:
        "SELECT type, query_kind, read_rows, read_bytes, user FROM system.query_log WHERE query_id = 'mine-1'",
      format: "JSONEachRow",
    });
    expect(await logged.json()).toEqual([
      {
        type: "QueryFinish",
        query_kind: "Select",
        read_rows: 1234,
        // The log rounds.
        read_bytes: expect.closeTo(9_872, -2) as number,
        user: "admin",
      },
    ]);
  });

  it("stops a query whose client has gone", async () => {
    const abort = new AbortController();
    const slow = client.query({
      query: "SELECT count() FROM numbers_mt(1000000000000) WHERE NOT ignore(number, 'stop me')",
      abort_signal: abort.signal,
    });
    setTimeout(() => abort.abort(), 500);
    await expect(slow).rejects.toThrow(/abort/i);
    const running = async () =>
      (await door.ask("SELECT count() FROM system.processes WHERE query LIKE '%stop me%numbers_mt%' OR query LIKE '%numbers_mt%stop me%'")).trim(); // prettier-ignore
    await expect.poll(running, { timeout: 10_000 }).toBe("1");
  });

  it("lets a reader read, and no more", async () => {
    const reader = make({ username: READER.user, password: READER.password });
    const result = await reader.query({
      query: "SELECT count() > 0 AS some FROM seen WHERE id < {most:UInt32}",
      query_params: { most: 5 },
      format: "JSONEachRow",
      clickhouse_settings: { max_execution_time: 5, wait_end_of_query: 1 },
    });
    expect(await result.json()).toEqual([{ some: 1 }]);
    await expect(
      reader.insert({ table: "seen", values: [{ id: 1, name: "x" }], format: "JSONEachRow" }),
    ).rejects.toMatchObject({ code: "164" });
    await reader.close();
  });
});

import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, Door, READER } from "./door";

const door = new Door();
const program = () => join(door.dir, "client.js");
beforeAll(async () => {
  await door.start();
  bundle("client", program());
  await run([], {
    input: `CREATE TABLE steam_top_games (fetch_time DateTime, game_id UInt32, game_name String, current_players UInt32)
ENGINE = MergeTree PARTITION BY toYYYYMMDD(fetch_time) ORDER BY (game_id, fetch_time);
INSERT INTO steam_top_games VALUES ('2024-02-24 10:00:00', 730, 'Counter; "Strike"', 900000),
 ('2024-02-25 10:00:00', 570, 'Dota 2', 500000);`,
  });
});
afterAll(() => door.remove());

interface Ran {
  out: string;
  err: string;
  code: number | null;
}

function run(args: string[], { input = "", port = door.port } = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program(), "--port", String(port), ...args], {
      env: { ...process.env, HOME: door.dir },
    });
    const ran: Ran = { out: "", err: "", code: null };
    child.stdout.on("data", (chunk: Buffer) => (ran.out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (ran.err += chunk.toString()));
    child.stdin.on("error", () => undefined);
    child.once("close", (code) => resolve({ ...ran, code }));
    child.stdin.end(input);
  });
}
const query = async (sql: string) => {
  const { out, err, code } = await run(["--query", sql]);
  expect(err).toBe("");
  expect(code).toBe(0);
  return out;
};

describe("the guide's commands", () => {
  it("lists tables and runs several statements from standard input", async () => {
    expect(await query("SHOW TABLES")).toBe("steam_top_games\n");
    const input = "SHOW DATABASES;\nUSE default;\nSHOW TABLES;\n";
    expect((await run(["--multiquery"], { input })).out).toMatch(
      /\ndefault\n[\s\S]*\nsystem\nsteam_top_games\n$/,
    );
  });

  it("describes a table, its statement, size and partitions", async () => {
    expect(await query("DESCRIBE TABLE steam_top_games")).toMatch(/^fetch_time\tDateTime\t/);
    expect(await query("SHOW CREATE TABLE steam_top_games")).toContain("PARTITION BY toYYYYMMDD");
    expect(
      await query(`SELECT
     table,
     formatReadableSize(sum(bytes)) as size,
     sum(rows) as rows
   FROM system.parts
   WHERE active AND table = 'steam_top_games'
   GROUP BY table`),
    ).toMatch(/^steam_top_games\t[\d.]+ K?i?B\t2\n$/);
    expect(await query("SELECT * FROM system.kafka_consumers")).toBe("");
    expect(await query("SELECT * FROM system.text_log WHERE logger_name LIKE '%Kafka%' ORDER BY event_time DESC LIMIT 20")).toBe(""); // prettier-ignore
  });

  it("prints Pretty, explains, and tells what queries read", async () => {
    expect(
      await query("SELECT * FROM steam_top_games ORDER BY fetch_time DESC LIMIT 10 FORMAT Pretty"),
    ).toContain("┃ game_name");
    expect(await query("EXPLAIN SELECT * FROM steam_top_games WHERE game_id = 730 AND fetch_time >= now() - INTERVAL 1 DAY")).toContain("ReadFromMergeTree"); // prettier-ignore
    // The log's times are whole seconds, and those of one second come in no order.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await query("SELECT count() FROM numbers(321)");
    await query("SYSTEM FLUSH LOGS");
    const logged = await query("SELECT query, query_duration_ms, read_rows, read_bytes FROM system.query_log WHERE type = 'QueryFinish' ORDER BY event_time DESC LIMIT 10 FORMAT Pretty"); // prettier-ignore
    expect(logged).toMatch(/SELECT count\(\) FROM numbers\(321\)\s*│\s*\d+ │\s*321 │/);
  });

  it("drops a partition", async () => {
    await query("INSERT INTO steam_top_games VALUES ('2024-03-01 00:00:00', 1, 'x', 1)");
    await query("ALTER TABLE steam_top_games DROP PARTITION '20240301'");
    expect(await query("SELECT count() FROM steam_top_games")).toBe("2\n");
    expect(await query("DROP TABLE IF EXISTS no_such_table")).toBe("");
  });
});

describe("options", () => {
  it("takes data from standard input, behind the statement, and from files", async () => {
    await query("CREATE TABLE taken (a UInt32, b String) ENGINE = MergeTree ORDER BY a");
    const csv = Array.from({ length: 20_000 }, (_, i) => `${i},"line ""${i}"""`).join("\n");
    const fed = await run(["-q", "INSERT INTO taken FORMAT CSV"], { input: `${csv}\n` });
    expect(fed).toEqual({ out: "", err: "", code: 0 });
    const input = "INSERT INTO taken FORMAT CSV\n1,x;y\n2,z\n\nSELECT count() FROM taken;\n";
    expect((await run(["-n"], { input })).out).toBe("20002\n");
    const file = join(door.dir, "statements.sql");
    writeFileSync(file, "SELECT 1;\n-- nothing; here\nSELECT 'a;b';");
    expect((await run(["--queries-file", file])).out).toBe("1\na;b\n");
    expect((await run(["-q", "SELECT 1", "--query=SELECT 2"])).out).toBe("1\n2\n");
  });

  it("keeps one session, takes parameters, settings, accounts and formats", async () => {
    expect((await run(["-d", "system", "-q", "SELECT currentDatabase()"])).out).toBe("system\n");
    const input = "CREATE TEMPORARY TABLE t (a UInt8); INSERT INTO t VALUES (1); SELECT a FROM t";
    expect((await run([], { input })).out).toBe("1\n");
    expect((await run(["--param_x=it's", "-q", "SELECT {x:String}"])).out).toBe("it\\'s\n");
    expect((await run(["--max_threads=1", "-q", "SELECT getSetting('max_threads')"])).out).toBe("1\n"); // prettier-ignore
    expect((await run(["-E", "-q", "SELECT 1 AS x"])).out).toMatch(/^Row 1:\n─+\nx: 1\n/);
    expect((await run(["-q", "SELECT 1 AS x\\G"])).out).toMatch(/^Row 1:/);
    expect((await run(["-f", "JSONEachRow", "-q", "SELECT 1 AS x"])).out).toBe('{"x":1}\n');
    const { user, password } = READER;
    const reader = await run(["-u", user, "--password", password, "-q", "DROP TABLE taken"]);
    expect(reader.err).toContain("Code: 164.");
    expect((await run(["--time", "-q", "SELECT 1"])).err).toMatch(/^\d+\.\d{3}\n$/);
    expect((await run(["--version"])).out).toMatch(/^ClickHouse client version 26\./);
    expect((await run(["--help"])).out).toContain("--queries-file");
  });

  it("fails as the real client does", async () => {
    const unknown = await run(["-q", "SELECT 1; SELECT * FROM nope; SELECT 2"]);
    expect(unknown).toMatchObject({ out: "1\n", code: 60 });
    expect(unknown.err).toMatch(/^Received exception from server \(version 26[\d.]+\):\nCode: 60\. DB::Exception: .*\(UNKNOWN_TABLE\)\n\(query: SELECT \* FROM nope\)\n$/); // prettier-ignore
    expect((await run(["--ignore-error", "-q", "SELECT nope; SELECT 2"]))).toMatchObject({ out: "2\n", code: 47 }); // prettier-ignore
    // 516 modulo 256.
    expect(await run(["-u", "nobody", "-q", "SELECT 1"])).toMatchObject({ code: 4 });
    expect(await run(["-q", "SELECT 1"], { port: 1 })).toMatchObject({ code: 210, err: "Code: 210. DB::NetException: Connection refused (localhost:1). (NETWORK_ERROR)\n" }); // prettier-ignore
    expect(await run(["-q"])).toMatchObject({ code: 36 });
    const late = await run(["--max_block_size=1000", "--max_threads", "1", "-q", "SELECT throwIf(number = 500000) FROM numbers(1000000)"]); // prettier-ignore
    expect(late.code).toBe(395 % 256);
    expect(late.out).toMatch(/^(0\n)+$/);
    expect(late.err).toContain("Code: 395.");
  });
});

describe("the prompt", () => {
  /** Runs the client on a terminal that `script` makes; `steps` are typed one after the other. */
  async function type(
    steps: [awaits: RegExp, text: string][],
    args: string[] = [],
  ): Promise<string> {
    const log = join(door.dir, `typescript-${steps.length}-${args.length}`);
    const command = [process.execPath, program(), "--port", String(door.port), ...args].join(" ");
    const child = spawn("script", ["-qefc", command, log], {
      env: { ...process.env, HOME: door.dir, TERM: "dumb" },
      stdio: ["pipe", "ignore", "ignore"],
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    for (const [awaits, text] of steps) {
      await expect.poll(() => readFileSync(log, "utf8"), { timeout: 10_000 }).toMatch(awaits);
      child.stdin.write(text);
    }
    await ended;
    return readFileSync(log, "utf8");
  }

  it("answers in PrettyCompact, keeps USE, and leaves", async () => {
    const seen = await type([
      [/clickhouse :\) $/, "USE system\r"],
      [/Ok\.[\s\S]*clickhouse :\) $/, "SELECT currentDatabase() AS db, 1 + 1\r"],
      [/1 row in set[\s\S]*clickhouse :\) $/, "SELECT nope\r"],
      [/Code: 47[\s\S]*clickhouse :\) $/, "exit\r"],
    ]);
    expect(seen).toMatch(/│ system │\s+2 │/);
    expect(seen).toContain("Bye.");
  });

  it("waits for the semicolon with -m, stops a query at Ctrl-C, and leaves at Ctrl-D", async () => {
    const seen = await type(
      [
        [/clickhouse :\) $/, "SELECT\r"],
        [/:-\] $/, "'a' || 'b';\r"],
        [/│ ab[\s\S]*clickhouse :\) $/, "SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(number);\r"], // prettier-ignore
        [/ignore\(number\);\s+$/, "\x03"],
        [/cancelled[\s\S]*clickhouse :\) $/, "\x04"],
      ],
      ["-m"],
    );
    expect(seen).toContain("Query was cancelled.");
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCatalog } from "../../infra/clickhouse/catalog";
import { clusterCatalog } from "../../infra/clickhouse/cluster-catalog";
import { overServers } from "../../infra/clickhouse/over-servers";
import { planObject } from "../../infra/clickhouse/plan-object";
import { provenPlan } from "../../infra/clickhouse/table-plan";
import { Scratch } from "../../infra/clickhouse/scratch";
import { standIns, validate } from "../../infra/clickhouse/validate";
import { configXml } from "../../infra/clickhouse/xml";
import { openStandIn, sqlDir, type StandIn } from "./stand-in";

const catalog = clusterCatalog(readCatalog(sqlDir));
/** A cluster of one server, which is the engine itself. */
const itself = configXml({
  tcp_port: 9000,
  macros: { shard: 1 },
  remote_servers: { steamline: { shard: { replica: { host: "127.0.0.1", port: 9000 } } } },
});

describe("the project's files as those of a cluster", () => {
  it("are understood by the engine, each as it is worded", () => {
    const { findings, understood } = validate(catalog, standIns(catalog), { engine: "server", partitions: 3 }); // prettier-ignore
    expect(findings).toEqual([]);
    const worded = (name: string) => {
      const found = understood.get(name);
      return found && "definition" in found ? found.definition : "";
    };
    expect(worded("steam_dead_letters")).toMatch(
      /ENGINE = Distributed\('steamline', 'steamline_shard', 'steam_dead_letters', cityHash64\(topic, partition, `?offset`?, read_as\)\)$/,
    );
    expect(worded("steamline_shard.steam_dead_letters")).toMatch(
      /ENGINE = ReplacingMergeTree\(replays\).* replicated_deduplication_window = 1000/,
    );
    expect(worded("steamline_shard.steam_hourly_stats_mv")).toMatch(
      /^CREATE MATERIALIZED VIEW steamline_shard\.steam_hourly_stats_mv TO steamline_shard\.steam_hourly_stats .* FROM steamline_shard\.steam_top_games/,
    );
  });
});

describe("a plan on a cluster", () => {
  let scratch: Scratch;
  beforeAll(() => {
    scratch = new Scratch(["CREATE TABLE a ENGINE = Distributed('steamline', d, t)"]);
  });
  afterAll(() => scratch.close());
  const declared = (columns: string, engine = "ReplacingMergeTree(v)") =>
    `CREATE TABLE steamline_shard.t (${columns}) ENGINE = ${engine} ORDER BY a SETTINGS replicated_deduplication_window = 1000, index_granularity = 8192`;
  const standing = declared(
    "`a` UInt8, `v` UInt8",
    "ReplicatedReplacingMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}', v)",
  );
  const plan = (desired: string) => provenPlan(scratch, "steamline_shard.t", standing, desired);

  it("takes a replicated table, as the server words it, for the one that is declared", () => {
    expect(plan(declared("`a` UInt8, `v` UInt8"))).toMatchObject({ label: "none", changes: [] });
    expect(plan(declared("`a` UInt8, `v` UInt8", "ReplacingMergeTree"))).toMatchObject({ label: "refused" }); // prettier-ignore
  });

  it("alters it, and what leads to it, in place", () => {
    expect(plan(declared("`a` UInt8, `b` String, `v` UInt8"))).toMatchObject({
      label: "in place",
      actions: ["ADD COLUMN `b` String AFTER `a`"],
    });
    const leading = (columns: string) =>
      `CREATE TABLE default.t (${columns}) ENGINE = Distributed('steamline', 'steamline_shard', 't', cityHash64(a))`;
    expect(
      planObject("table", leading("`a` UInt8"), leading("`a` UInt8, `b` String")),
    ).toMatchObject({ label: "in place" });
  });
});

describe("messages that come to a cluster", () => {
  let engine: StandIn;
  // Tables keep no row for ever.
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const message = (offset: number, game: number, hour: number) =>
    `(${game}, 'Game', 100, 200, 1, '${yesterday} 0${hour}:00:00', 'top', '', ${offset}, 0, NULL, [], [], '', '')`;
  const deliver = (...messages: string[]) =>
    engine.session.query(`INSERT INTO kafka_steam_top_games VALUES ${messages.join(", ")}`);
  beforeAll(() => {
    engine = openStandIn(catalog, itself);
    engine.session.query("SET distributed_foreground_insert = 1");
    deliver(message(0, 730, 1), message(1, 570, 1));
    deliver(message(2, 730, 2));
  });
  afterAll(() => engine.close());

  it("are on the shard, and in the table that leads to all shards", () => {
    expect(engine.ask("SELECT count() FROM steamline_shard.steam_top_games")).toBe("3");
    expect(engine.ask("SELECT count() FROM steam_top_games")).toBe("3");
    expect(engine.ask("SELECT game_id, sum(records) FROM steam_hourly_stats GROUP BY game_id ORDER BY game_id")).toBe("570\t1\n730\t2"); // prettier-ignore
  });

  it("are one row to the reader when they come again in another block", () => {
    deliver(message(0, 730, 1), message(2, 730, 2));
    expect(engine.ask("SELECT count() FROM steam_top_games FINAL")).toBe("3");
    expect(engine.ask("SELECT count() FROM steam_top_games SETTINGS final = 1")).toBe("3");
  });

  it("are entered into a ledger that knows what came before, whichever server entered it", () => {
    expect(
      engine.ask("SELECT groupBitmapMerge(offsets), groupBitmapMerge(again) FROM steam_ledger"),
    ).toBe("3\t2");
  });

  it("are counted by panels that ask what servers hold", () => {
    const asked = overServers("SELECT sum(rows) > 0 FROM system.parts WHERE active AND database = currentDatabase() AND table = 'steam_top_games'"); // prettier-ignore
    expect(asked).toContain("cluster('steamline', system.parts)");
    expect(engine.ask(asked)).toBe("1");
  });

  it("are asked about by every panel and alert that asks what servers tell of themselves", () => {
    const folder = join(sqlDir, "queries");
    const queries = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".sql"))
      .map((file) => [file, readFileSync(join(folder, file), "utf8")] as const)
      .filter(([, sql]) => overServers(sql) !== sql);
    expect(queries.length).toBeGreaterThan(10);
    for (const [file, sql] of queries) {
      const plain = overServers(sql).replace(/\$__timeFilter\((\w+)\)/g, "$1 > now() - 60");
      expect(() => engine.ask(plain), file).not.toThrow();
    }
    const tables = overServers(readFileSync(join(folder, "pipeline", "tables.sql"), "utf8"));
    expect(engine.ask(`SELECT rows FROM (${tables.replace(/^--.*$/m, "")}) WHERE table = 'steam_hourly_stats'`)).not.toBe(""); // prettier-ignore
  });
});

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  inOrder,
  parseFile,
  readCatalog,
  type SqlFile,
} from "../../../../infra/clickhouse/catalog";
import { clusterCatalog, isClusterCatalog } from "../../../../infra/clickhouse/cluster-catalog";
import { clusterFindings, otherKindFault } from "../../../../infra/clickhouse/cluster-rules";
import { Flow } from "../../../../infra/clickhouse/flow";
import { canonicalText } from "../../../../infra/clickhouse/statement";

const catalogOf = (files: Record<string, string>) =>
  inOrder(Object.entries(files).map(([name, sql]) => parseFile(`sql/${name}.sql`, sql)));
const textOf = (catalog: readonly SqlFile[], name: string) =>
  canonicalText(catalog.find((file) => file.name === name)?.sql ?? "");

const files = {
  broker: "CREATE NAMED COLLECTION broker AS kafka_broker_list = 'b'",
  queue:
    "CREATE TABLE queue (a UInt8, t DateTime) ENGINE = Kafka(broker) SETTINGS kafka_topic_list = 't'",
  kept: "CREATE TABLE kept (a UInt8, t DateTime, v UInt8) ENGINE = ReplacingMergeTree(v) ORDER BY (a, t) SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1",
  kept_mv: "CREATE MATERIALIZED VIEW kept_mv TO kept AS SELECT a, t, 0 AS v FROM queue",
  sums: "CREATE TABLE sums (a UInt8, n UInt64) ENGINE = SummingMergeTree ORDER BY a",
  sums_mv:
    "CREATE MATERIALIZED VIEW sums_mv TO sums AS SELECT a, count() AS n FROM default.kept GROUP BY a",
  names: "CREATE TABLE names (a UInt8, name String) ENGINE = MergeTree ORDER BY tuple()",
  counted: "CREATE TABLE counted (a UInt8, name String) ENGINE = MergeTree ORDER BY a",
  counted_mv:
    "CREATE MATERIALIZED VIEW counted_mv REFRESH EVERY 1 MINUTE APPEND TO counted AS SELECT kept.a AS a, name FROM kept FINAL JOIN names ON kept.a = names.a WHERE a IN (SELECT toUInt8(1) FROM system.parts WHERE database = currentDatabase()) AND a NOT IN (SELECT a FROM counted)",
  asked: "CREATE TABLE asked (a UInt8) ENGINE = MergeTree ORDER BY a",
  asked_mv:
    "CREATE MATERIALIZED VIEW asked_mv REFRESH EVERY 15 SECOND APPEND TO asked AS SELECT a FROM url('http://x', 'JSONEachRow', 'a UInt8') SETTINGS http_max_tries = 1",
  newest: "CREATE VIEW newest AS SELECT * FROM kept",
};

describe("a table with rows", () => {
  const catalog = clusterCatalog(catalogOf(files));

  it("is replicated on each shard, with the settings that replicas have", () => {
    expect(textOf(catalog, "steamline_shard.kept")).toBe(
      "CREATE TABLE steamline_shard.kept (a UInt8, t DateTime, v UInt8) ENGINE = ReplicatedReplacingMergeTree(v) ORDER BY (a, t) SETTINGS replicated_deduplication_window = 1000, fsync_after_insert = 1",
    );
  });

  it("is led to by its name, rows of one key to one shard", () => {
    expect(textOf(catalog, "kept")).toBe(
      "CREATE TABLE kept AS steamline_shard.kept ENGINE = Distributed('steamline', 'steamline_shard', 'kept', cityHash64(a, t))",
    );
    expect(textOf(catalog, "names")).toMatch(/'names', rand\(\)\)$/);
  });

  it("comes before what leads to it, in the database that the servers make", () => {
    const order = catalog.map(({ name }) => name);
    expect(order.indexOf("steamline_shard")).toBeLessThan(order.indexOf("steamline_shard.kept"));
    expect(order.indexOf("steamline_shard.kept")).toBeLessThan(order.indexOf("kept"));
    expect(order.indexOf("kept")).toBeLessThan(order.indexOf("kept_mv"));
    const made = catalog.filter(({ madeByFiles }) => madeByFiles).map(({ name }) => name);
    expect(made.sort()).toEqual(["broker", "steamline_shard"]);
  });

  it("takes no path of its own in Keeper, which would be one for all shards", () => {
    const own =
      "CREATE TABLE kept (a UInt8) ENGINE = ReplicatedReplacingMergeTree('/p', '{replica}', a) ORDER BY a";
    expect(textOf(clusterCatalog(catalogOf({ kept: own })), "steamline_shard.kept")).toContain(
      "ENGINE = ReplicatedReplacingMergeTree(a) ORDER BY a",
    );
  });

  it("is neither copied nor renamed in part, which its files may ask for elsewhere", () => {
    const asks = clusterCatalog(catalogOf({ kept: `-- @rebuild\n-- @adopt\n${files.kept}` }));
    expect(asks.find(({ name }) => name === "steamline_shard.kept")?.policy).toEqual({
      adopt: true,
      rebuild: false,
      backfill: false,
      renames: [],
    });
  });
});

describe("a view", () => {
  const catalog = clusterCatalog(catalogOf(files));

  it("of a Kafka table is on every server as it stands, and writes to all shards", () => {
    expect(textOf(catalog, "kept_mv")).toBe(files.kept_mv);
    expect(textOf(catalog, "newest")).toBe(files.newest);
  });

  it("of a table works on its shard, and writes to that", () => {
    expect(textOf(catalog, "steamline_shard.sums_mv")).toBe(
      "CREATE MATERIALIZED VIEW steamline_shard.sums_mv TO steamline_shard.sums AS SELECT a, count() AS n FROM steamline_shard.kept GROUP BY a",
    );
  });

  it("reads of all shards what is neither its source nor its target", () => {
    const text = textOf(catalog, "steamline_shard.counted_mv");
    expect(text).toContain(
      "APPEND TO steamline_shard.counted AS SELECT kept.a AS a, name FROM steamline_shard.kept FINAL JOIN names ON kept.a = names.a",
    );
    expect(text).toContain("FROM steamline_shard.counted)");
    expect(text).toContain("database = 'steamline_shard')");
  });

  it("that asks by the clock and no table asks once, not once a shard", () => {
    expect(textOf(catalog, "asked_mv")).toBe(
      "CREATE MATERIALIZED VIEW asked_mv REFRESH EVERY 15 SECOND APPEND TO asked AS SELECT * FROM (SELECT a FROM url('http://x', 'JSONEachRow', 'a UInt8') SETTINGS http_max_tries = 1) WHERE getMacro('shard') = '1'",
    );
  });

  it("and a table still know whose messages reach them", () => {
    const flow = new Flow(catalog);
    const feeds = { queue: ["kept_mv"] };
    for (const name of [
      "kept",
      "steamline_shard.kept",
      "steamline_shard.sums_mv",
      "steamline_shard.sums",
    ])
      expect(flow.feeds(name), name).toEqual(feeds);
    expect(flow.before("queue")).toEqual(
      expect.arrayContaining(["kept", "steamline_shard.sums_mv", "steamline_shard.sums"]),
    );
  });
});

describe("the project's own files", () => {
  const own = readCatalog(join(__dirname, "../../../../sql"));

  it("are a cluster's only when they are made so, and have no fault as one", () => {
    expect(isClusterCatalog(own)).toBe(false);
    expect(isClusterCatalog(clusterCatalog(own))).toBe(true);
    expect(clusterFindings(own)).toEqual([]);
  });

  it("have each table with rows on shards, and in the stack's database nothing that holds rows", () => {
    const catalog = clusterCatalog(own);
    const tables = catalog.filter(({ kind }) => kind === "table");
    for (const { name, sql } of tables)
      expect(sql, name).toMatch(/^steamline_shard\./.test(name) ? /\bReplicated\w*MergeTree\b/ : /\bDistributed\(/); // prettier-ignore
    expect(tables).toHaveLength(2 * own.filter(({ kind }) => kind === "table").length);
  });

  it("count the hours and the sums on the shard that has the rows", () => {
    const names = clusterCatalog(own)
      .filter(({ kind }) => kind === "view")
      .map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        "steamline_shard.steam_hourly_players_mv",
        "steamline_shard.steam_hourly_stats_mv",
        "steam_top_games_mv",
        "steam_producer_metrics_mv",
      ]),
    );
  });
});

describe("objects that a stack has already", () => {
  const one = catalogOf(files);
  const several = clusterCatalog(one);
  const stored = (catalog: readonly SqlFile[]) => catalog.map(({ name }) => name);

  it("of one server become no cluster's, and those of a cluster not one server's", () => {
    expect(otherKindFault(stored(one), several)).toMatch(
      /^clickhouseShards and clickhouseReplicas: .* is one server and cannot become a cluster, .* Nothing was changed\.$/,
    );
    expect(otherKindFault(stored(several), one)).toMatch(
      /is a cluster and cannot become one server/,
    );
  });

  it("stay what they are, and a stack without any becomes either", () => {
    for (const catalog of [one, several]) {
      expect(otherKindFault(stored(catalog), catalog)).toBeUndefined();
      expect(otherKindFault([], catalog)).toBeUndefined();
    }
  });
});

describe("what a cluster cannot have, told by file and line", () => {
  const faults = (files: Record<string, string>) =>
    clusterFindings(catalogOf(files)).map((one) => `${one.file}:${one.line}: ${one.message}`);

  it.each<[string, Record<string, string>, RegExp]>([
    [
      "another database",
      { own: "-- Mine.\nCREATE DATABASE own" },
      /^sql\/own\.sql:2: on a cluster all objects are in the database default/,
    ],
    ["a user", { ann: "CREATE USER ann" }, /^sql\/ann\.sql:1: users, roles, grants/],
    [
      "a backfill",
      { ...files, sums_mv: `-- Sums.\n-- @backfill\n${files.sums_mv}` },
      /^sql\/sums_mv\.sql:2: -- @backfill fills .*, and kept is spread/,
    ],
  ])("%s", (_name, given, expected) => {
    expect(faults(given)).toEqual([expect.stringMatching(expected)]);
  });
});

import { describe, expect, it } from "vitest";
import { keeperFile, profilesFile, serverFile } from "../../../../infra/clickhouse/cluster-files";

const size = { shards: 2, replicas: 2 };
const file = (shard: number, replica: number) =>
  serverFile({
    size,
    place: { shard, replica },
    secret: "s<cret",
    collections: {
      steam_kafka: { kafka_broker_list: "kafka:29092", "kafka.group_instance_id": "a" },
    },
  });

const values = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, value]) => value);

describe("a server's file", () => {
  it("names every server of every shard, and the three Keepers", () => {
    expect(values(file(1, 1), "host")).toEqual([
      "clickhouse",
      "clickhouse-1-2",
      "clickhouse-2-1",
      "clickhouse-2-2",
      "clickhouse-keeper",
      "clickhouse-keeper-2",
      "clickhouse-keeper-3",
    ]);
    expect(values(file(1, 1), "internal_replication")).toEqual(["true", "true"]);
  });

  it("differs from another's in what it calls itself alone", () => {
    const lines = (xml: string) => xml.split("\n");
    const other = new Set(lines(file(2, 2)));
    expect(
      lines(file(1, 1))
        .filter((line) => !other.has(line))
        .map((line) => line.trim()),
    ).toEqual([
      "<shard>1</shard>",
      "<replica>clickhouse</replica>",
      "<interserver_http_host>clickhouse</interserver_http_host>",
    ]);
  });

  it("has servers prove that they are of the cluster, to queries and to replication", () => {
    expect(values(file(1, 1), "secret")).toEqual(["s&lt;cret"]);
    expect(values(file(1, 1), "password")).toEqual(["s&lt;cret"]);
  });

  it("makes its databases when it starts, what is on the shard first, and drops none that holds a table", () => {
    const queries = values(file(1, 1), "query");
    expect(queries).toEqual([
      "CREATE DATABASE IF NOT EXISTS steamline ENGINE = Replicated('/clickhouse/databases/steamline', '{shard}', '{replica}')",
      "CREATE DATABASE IF NOT EXISTS steamline_shard ENGINE = Replicated('/clickhouse/databases/steamline_shard', '{shard}', '{replica}')",
      "DROP DATABASE default SYNC",
      "CREATE DATABASE IF NOT EXISTS default ENGINE = Replicated('/clickhouse/databases/default', '{shard}', '{replica}')",
    ]);
    expect(values(file(1, 1), "condition")).toEqual([
      expect.stringMatching(
        /engine != 'Replicated'.*\(SELECT count\(\) FROM system\.tables WHERE database = 'default'\) = 0$/,
      ),
    ]);
    expect(values(file(1, 1), "throw_on_error")).toEqual(["true"]);
  });

  it("nests the keys of a collection that go to Kafka's client", () => {
    expect(file(1, 1)).toMatch(
      /<steam_kafka>\s*<kafka_broker_list>kafka:29092<\/kafka_broker_list>\s*<kafka>\s*<group_instance_id>a<\/group_instance_id>\s*<\/kafka>\s*<\/steam_kafka>/,
    );
  });
});

describe("a Keeper's file", () => {
  it("has an id of its own and all three as voters", () => {
    expect(values(keeperFile(2), "server_id")).toEqual(["2"]);
    expect(values(keeperFile(2), "id")).toEqual(["1", "2", "3"]);
    expect(values(keeperFile(2), "hostname")).toEqual([
      "clickhouse-keeper",
      "clickhouse-keeper-2",
      "clickhouse-keeper-3",
    ]);
  });
});

describe("the profiles", () => {
  it("store a row at its shard before it counts as stored, for consumers and administrators", () => {
    expect(values(profilesFile(), "distributed_foreground_insert")).toEqual(["1"]);
    expect(values(profilesFile(), "distributed_ddl_output_mode")).toEqual(["none_only_active"]);
    expect(values(profilesFile(), "distributed_product_mode")).toEqual(["global", "global"]);
  });
});

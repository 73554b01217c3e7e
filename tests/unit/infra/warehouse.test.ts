import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { formatPlaceholders } from "../../../infra/message-format";
import { Warehouse, type WarehouseArgs } from "../../../infra/warehouse";
import { named, recordResources, settled, valueOf, type Recorded } from "./recorder";

const args: WarehouseArgs = {
  stack: "test",
  containerName: "test-clickhouse-server",
  volumeName: "steamline-test-clickhouse",
  networkName: "steamline-test",
  imageReference: "steamline/clickhouse:1",
  engine: "embedded",
  memoryMb: 4096,
  ports: { http: 20_001, native: 20_002 },
  protectData: false,
  placeholders: {
    brokers: "kafka:29092",
    topGamesTopic: "top",
    detailsTopic: "details",
    topGamesGroup: "top-group",
    detailsGroup: "details-group",
    instanceId: "instance",
    flushIntervalMs: 500,
    ttlDays: 90,
    ...formatPlaceholders("JSONEachRow"),
  },
};

const objects = (recorded: readonly Recorded[]) =>
  recorded.filter(({ type }) => type === "pulumi-nodejs:dynamic/clickhouse:SqlObject");

describe("Warehouse", () => {
  let recorded: Recorded[];
  let warehouse: Warehouse;
  beforeAll(async () => {
    recorded = await recordResources();
    warehouse = new Warehouse("warehouse", args);
    await valueOf(warehouse.database);
    await settled(recorded);
  });

  it("declares every object of the guide", () => {
    expect(objects(recorded).map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "steam_top_games",
        "kafka_steam_top_games",
        "steam_top_games_mv",
        "steam_game_details",
        "kafka_steam_game_details",
        "steam_game_details_mv",
        "steam_hourly_stats",
      ]),
    );
  });

  it("fills placeholders and leaves comments out", () => {
    const { statement } = named(recorded, "kafka_steam_top_games").inputs as { statement: string };
    expect(statement).toContain("kafka_topic_list = 'top'");
    expect(statement).toContain("kafka_group_name = 'top-group'");
    expect(statement).not.toContain("--");
    expect(statement).not.toContain("kafka:29092");
  });

  it("lets a view follow its Kafka table, and a Kafka table its named collection", () => {
    const upstream = (name: string) =>
      Object.keys(named(recorded, name).inputs["upstream"] as object);
    expect(upstream("steam_top_games_mv")).toEqual(["kafka_steam_top_games"]);
    expect(upstream("kafka_steam_top_games")).toEqual(["steam_kafka"]);
    expect(upstream("steam_top_games")).toEqual([]);
  });

  it("tells each view of the others that read its Kafka table", () => {
    const { feeds } = named(recorded, "steam_top_games_mv").inputs as {
      feeds: Record<string, string[]>;
    };
    expect(Object.keys(feeds)).toEqual(["kafka_steam_top_games"]);
    expect(feeds["kafka_steam_top_games"]).toContain("steam_top_games_mv");
    expect(feeds["kafka_steam_top_games"]?.length).toBeGreaterThanOrEqual(2);
  });

  it("gives the container hashes of the passwords, and no password", () => {
    const container = JSON.stringify(named(recorded, "warehouse-container").inputs);
    const hash = createHash("sha256").update("secret-of-warehouse-admin-password").digest("hex");
    expect(container).toContain(hash);
    expect(container).not.toContain("secret-of-");
  });

  it("grants the reader the database and the system tables named, nothing else", () => {
    const { uploads } = named(recorded, "warehouse-container").inputs as {
      uploads: { content: string }[];
    };
    const { readerGrants } = JSON.parse(uploads[0]!.content) as { readerGrants: string[] };
    expect(readerGrants).toContain("GRANT SELECT ON default.*");
    expect(
      readerGrants.filter((grant) => !/^GRANT SELECT ON (default\.\*|system\.\w+)$/.test(grant)),
    ).toEqual([]);
  });

  it("publishes the native protocol with the official server only", async () => {
    const port = (list: readonly Recorded[]) =>
      (named(list, "warehouse-container").inputs["ports"] as { external: number }[]).map(
        ({ external }) => external,
      );
    expect(port(recorded)).toEqual([20_001]);
    const server = await recordResources();
    new Warehouse("warehouse", { ...args, engine: "server" });
    await settled(server);
    expect(port(server)).toEqual([20_001, 20_002]);
    const { uploads } = named(server, "warehouse-container").inputs as {
      uploads: { file: string; content: string }[];
    };
    expect(uploads[0]!.file).toBe("/etc/clickhouse-server/users.d/steamline.xml");
    expect(uploads[0]!.content).toMatch(
      /<default>\s*<max_partitions_per_insert_block>0<\/max_partitions_per_insert_block>/,
    );
    expect(uploads[0]!.content).toContain("<named_collection_control>1</named_collection_control>");
  });

  it("resolves its database", async () => {
    expect(await valueOf(warehouse.database)).toBe("default");
    expect(await valueOf(warehouse.url)).toBe("http://localhost:20001");
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { CONTAINER, containerInputs, ofType, runProgram } from "./program";
import { clear, named, type Recorded } from "./recorder";

const uploadsOf = (recorded: readonly Recorded[], container: string) =>
  clear(named(recorded, container).inputs["uploads"]) as { file: string; content: string }[];
const fileOf = (recorded: readonly Recorded[], container: string, end: string) =>
  uploadsOf(recorded, container).find(({ file }) => file.endsWith(end))?.content ?? "";

describe("the program with two shards of two replicas", () => {
  let recorded: Recorded[];
  let outputs: Record<string, unknown>;
  beforeAll(async () => {
    const cluster = { clickhouseShards: "2", clickhouseReplicas: "2", partitions: "4" };
    ({ recorded, outputs } = await runProgram("dev", cluster));
  });

  it("has a container and a volume for each server and each Keeper", () => {
    const containers = containerInputs(recorded).map(({ name }) => name);
    expect(containers.filter((name) => name.startsWith("clickhouse")).sort()).toEqual([
      "clickhouse-keeper",
      "clickhouse-keeper-2",
      "clickhouse-keeper-3",
      "clickhouse-server",
      "clickhouse-server-1-2",
      "clickhouse-server-2-1",
      "clickhouse-server-2-2",
    ]);
    const volumes = ofType(recorded, "docker:index/volume:Volume").map((name) => named(recorded, name).inputs["name"]); // prettier-ignore
    expect(volumes).toEqual(
      expect.arrayContaining([
        "steamline-dev-clickhouse",
        "steamline-dev-clickhouse-2-2",
        "steamline-dev-clickhouse-keeper-3",
      ]),
    );
  });

  it("publishes ports of the first server alone", () => {
    const published = containerInputs(recorded)
      .filter(({ name }) => name.startsWith("clickhouse"))
      .flatMap(({ name, ports }) => ports.map(({ external }) => [name, external]));
    expect(published).toEqual([
      ["clickhouse-server", 8123],
      ["clickhouse-server", 9000],
    ]);
  });

  it("makes each after the one before, so that they are replaced in turn", () => {
    const order = recorded.map(({ name }) => name);
    const turns = [
      "warehouse-shape",
      "warehouse-keeper-container",
      "warehouse-keeper-2-container",
      "warehouse-keeper-3-container",
      ...["warehouse", "warehouse-1-2", "warehouse-2-1", "warehouse-2-2"].flatMap((server) => [
        `${server}-place`,
        `${server}-container`,
        `${server}-in-sync`,
      ]),
    ];
    expect(order.filter((name) => turns.includes(name))).toEqual(turns);
  });

  it("runs a Keeper in place of the image's server, and waits for those that have one to agree with", () => {
    const keeper = (own: string) => named(recorded, `warehouse-keeper${own}-container`).inputs;
    expect(keeper("")).toMatchObject({
      entrypoints: [
        "clickhouse",
        "keeper",
        "--config-file=/etc/clickhouse-keeper/keeper_config.xml",
      ],
      image: named(recorded, "warehouse-container").inputs["image"],
    });
    expect(["", "-2", "-3"].map((own) => keeper(own)["wait"])).toEqual([false, true, true]);
    expect(fileOf(recorded, "warehouse-keeper-2-container", "keeper_config.xml")).toContain(
      "<server_id>2</server_id>",
    );
  });

  it("gives each server its place, a member id of its own, and the users of all", () => {
    const config = "config.d/steamline-cluster.xml";
    const last = fileOf(recorded, "warehouse-2-2-container", config);
    expect(last).toContain("<shard>2</shard>");
    expect(last).toContain("<replica>clickhouse-2-2</replica>");
    expect(last).toContain("<group_instance_id>clickhouse-server-2-2</group_instance_id>");
    expect(last).toContain("<kafka_broker_list>kafka:29092</kafka_broker_list>");
    expect(fileOf(recorded, "warehouse-container", config)).toContain(
      "<group_instance_id>clickhouse-server</group_instance_id>",
    );
    const users = "users.d/steamline.xml";
    expect(fileOf(recorded, "warehouse-2-2-container", users)).toBe(
      fileOf(recorded, "warehouse-container", users),
    );
    expect(fileOf(recorded, "warehouse-container", users)).toContain("GRANT SELECT ON steamline_shard.*"); // prettier-ignore
  });

  it("shows what servers prove themselves by in no state", () => {
    for (const { name, type, inputs } of recorded)
      if (type === CONTAINER && name.startsWith("warehouse") && !name.includes("keeper"))
        expect(JSON.stringify((inputs["uploads"] as { value?: unknown }).value ?? inputs["uploads"]), name).toContain("secret-of-warehouse-cluster-password"); // prettier-ignore
    const { uploads } = named(recorded, "warehouse-container").inputs as { uploads: object };
    expect(Object.keys(uploads)).toContain("value");
  });

  it("declares rows and views of shards, what leads to them, and no collection by SQL", () => {
    const objects = ofType(recorded, "pulumi-nodejs:dynamic/clickhouse:SqlObject");
    expect(objects).toEqual(
      expect.arrayContaining([
        "steamline_shard.steam_top_games",
        "steam_top_games",
        "steamline_shard.steam_hourly_stats_mv",
        "kafka_steam_top_games",
      ]),
    );
    expect(objects).not.toContain("steam_kafka");
    expect(objects).not.toContain("steamline_shard");
    expect(named(recorded, "kafka_steam_top_games").inputs["upstream"]).toHaveProperty(
      "steam_kafka",
    );
  });

  it("asks all servers in panels and alerts", () => {
    const pipeline = named(recorded, "dashboard-steamline-pipeline").inputs["content"] as string;
    expect(pipeline).toContain("clusterAllReplicas('steamline', system.kafka_consumers)");
    expect(pipeline).not.toMatch(/FROM system\.(parts|kafka_consumers)\b/);
    const alerts = uploadsOf(recorded, "grafana-container")
      .map(({ content }) => content)
      .join("\n");
    expect(alerts).toContain("clusterAllReplicas('steamline', system.kafka_consumers)");
  });

  it("says how many servers there are", () => {
    expect(outputs).toMatchObject({ clickhouseCluster: { shards: 2, replicas: 2 } });
  });
});

describe("the program with a cluster that Kafka asks for a password", () => {
  it("has each server prove who reads, by its collection", async () => {
    const { recorded } = await runProgram("dev", { clickhouseReplicas: "2", kafkaSecurity: "sasl_ssl" }); // prettier-ignore
    const config = fileOf(recorded, "warehouse-1-2-container", "config.d/steamline-cluster.xml");
    expect(config).toContain("<security_protocol>sasl_ssl</security_protocol>");
    expect(config).toContain("<sasl_password>secret-of-kafka-clickhouse-password</sasl_password>");
    expect(fileOf(recorded, "warehouse-1-2-container", "kafka-authority.pem")).not.toBe("");
  });
});

describe("one official server that Kafka asks for a password", () => {
  it("has it with its collection, which is a file then and no object", async () => {
    const { recorded } = await runProgram("dev", { kafkaSecurity: "sasl_ssl" });
    const config = fileOf(recorded, "warehouse-container", "config.d/steamline-kafka.xml");
    expect(config).toMatch(/<steam_kafka>[^]*<sasl_username>clickhouse<\/sasl_username>/);
    expect(config).toContain("<group_instance_id>clickhouse-server</group_instance_id>");
    const objects = ofType(recorded, "pulumi-nodejs:dynamic/clickhouse:SqlObject");
    expect(objects).not.toContain("steam_kafka");
    expect(objects).toContain("kafka_steam_top_games");
  });
});

describe("a cluster on the embedded engine", () => {
  it("is refused before anything is declared", async () => {
    const local = {
      imageSource: "local",
      kafkaImage: "k:1",
      clickhouseImage: "c:1",
      nodeImage: "n:1",
    };
    await expect(runProgram("dev", { ...local, clickhouseShards: "2" })).rejects.toThrow(
      /clickhouseShards: 2 needs the official server/,
    );
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { stackNames } from "../../../infra/names";
import { CONTAINER, containerInputs, defaults, ofType, runProgram, secretUploads } from "./program";
import { named, recordResources, type Recorded } from "./recorder";

afterEach(() => vi.unstubAllEnvs());

describe("the program on official images", () => {
  let recorded: Recorded[];
  let outputs: Record<string, unknown>;
  beforeAll(async () => {
    ({ recorded, outputs } = await runProgram("dev"));
  });

  it("is made of five parts in one network", () => {
    expect(
      recorded
        .filter(({ type }) => type.startsWith("steamline:"))
        .map(({ type, name }) => [type, name]),
    ).toEqual(
      expect.arrayContaining([
        ["steamline:docker:StackNetwork", "network"],
        ["steamline:kafka:Broker", "broker"],
        ["steamline:clickhouse:Warehouse", "warehouse"],
        ["steamline:grafana:Grafana", "grafana"],
        ["steamline:steam:Producer", "producer"],
      ]),
    );
    expect(ofType(recorded, CONTAINER).sort()).toEqual([
      "broker-container",
      "grafana-container",
      "producer-container",
      "warehouse-container",
    ]);
    expect(ofType(recorded, "docker:index/network:Network")).toEqual(["network-bridge"]);
  });

  it("gives every container a label, a limit, the network, and loopback ports only", () => {
    for (const container of containerInputs(recorded)) {
      expect(container.labels, container.name).toEqual([expect.objectContaining({ value: "dev" })]);
      expect(container.memorySwap, container.name).toBe(container.memory);
      expect(container.networksAdvanced[0]?.name, container.name).toBe("steamline-dev");
      expect(container.wait, container.name).toBe(true);
      expect(container.ports.filter(({ ip }) => ip !== "127.0.0.1")).toEqual([]);
    }
  });

  it("has the guide's names and each service's usual port", () => {
    const published = Object.fromEntries(
      containerInputs(recorded).map(({ name, ports }) => [name, ports.map((p) => p.external)]),
    );
    expect(published).toEqual({
      kafka: [9092],
      "clickhouse-server": [8123, 9000],
      grafana: [3000],
      "steam-producer": [9464],
    });
  });

  it("takes the pinned images", () => {
    const { registry } = JSON.parse(
      readFileSync(join(__dirname, "../../../infra/images/versions.json"), "utf8"),
    ) as { registry: Record<string, string> };
    const image = (name: string) => named(recorded, name).inputs["name"];
    expect(image("broker-image")).toBe(registry["kafka"]);
    expect(image("warehouse-image")).toBe(registry["clickhouse"]);
    expect(image("grafana-image")).toBe(registry["grafana"]);
    expect(named(recorded, "producer-image").inputs).toMatchObject({
      build: { buildArgs: { NODE_IMAGE: registry["node"] } },
    });
  });

  it("tells Grafana's ClickHouse and accounts by files, and no password by its environment", () => {
    const { envs } = named(recorded, "grafana-container").inputs as { envs: string[] };
    const uploads = secretUploads(recorded, "grafana-container");
    const upload = (end: string) => uploads.find(({ file }) => file.endsWith(end))?.content;
    expect(upload("reader-password")).toBe("secret-of-warehouse-reader-password");
    expect(upload("admin-password")).toBe("secret-of-grafana-admin-password");
    expect(upload("datasources/clickhouse.yaml")).toMatch(/clickhouse/);
    expect(upload("datasources/clickhouse.yaml")).not.toContain("secret-of-");
    expect(JSON.stringify(envs)).not.toContain("secret-of-");
  });

  it("polls Steam itself", () => {
    const { envs } = named(recorded, "producer-container").inputs as { envs: string[] };
    expect(envs).toContain("SOURCE=steam");
    expect(envs).toContain("KAFKA_BROKERS=kafka:29092");
    expect(envs).toContain("TOP_GAMES_TOPIC=steam_top_games_topic");
  });

  it("tells where all of it is found", () => {
    expect(outputs).toMatchObject({
      stack: "dev",
      source: "steam",
      imageSource: "registry",
      clickhouseEngine: "server",
      kafkaBootstrapServers: "localhost:9092",
      clickhouseUrl: "http://localhost:8123",
      grafanaUrl: "http://localhost:3000",
      producerUrl: "http://localhost:9464",
      topGamesTopic: "steam_top_games_topic",
      database: "default",
      adminPassword: "secret-of-warehouse-admin-password",
      containers: stackNames("dev").containers,
      protectData: false,
    });
  });
});

describe("config", () => {
  it("is refused with every fault, before anything is declared", async () => {
    const recorded = await recordResources("dev");
    pulumi.runtime.setAllConfig({
      ...defaults,
      "steamline:partitions": "0",
      "steamline:source": "twitch",
    });
    vi.resetModules();
    await expect(import("../../../infra")).rejects.toThrow(/2 faults[^]*source[^]*partitions/);
    expect(recorded).toEqual([]);
  });

  it("takes no key for the Steam API in clear, and hands a secret one over as a file", async () => {
    const steamApiKey = "k".repeat(32);
    await expect(runProgram("dev", { steamApiKey })).rejects.toThrow(
      /steamApiKey: stands in clear/,
    );
    vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", JSON.stringify(["steamline:steamApiKey"]));
    const { recorded } = await runProgram("dev", { steamApiKey });
    const { envs } = named(recorded, "producer-container").inputs as { envs: string[] };
    const uploads = secretUploads(recorded, "producer-container");
    expect(JSON.stringify(envs)).not.toContain(steamApiKey);
    expect(uploads.map(({ content }) => content)).toEqual([steamApiKey]);
  });
});

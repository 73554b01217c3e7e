import { beforeAll, describe, expect, it } from "vitest";
import { Broker, type BrokerArgs } from "../../../infra/broker";
import { named, recordResources, settled, valueOf, type Recorded } from "./recorder";

const topic = { partitions: 3, replicationFactor: 1, retentionMs: 604_800_000 };
const args: BrokerArgs = {
  stack: "test",
  containerName: "test-kafka",
  volumeName: "steamline-test-kafka",
  networkName: "steamline-test",
  imageReference: "apache/kafka:4.1.0",
  official: false,
  memoryMb: 1024,
  port: 20_000,
  protectData: false,
  topics: {
    topGames: { ...topic, resourceName: "top-games-topic", topicName: "test_top" },
    gameDetails: { ...topic, resourceName: "game-details-topic", topicName: "test_details" },
  },
};

describe("Broker", () => {
  let recorded: Recorded[];
  let broker: Broker;
  beforeAll(async () => {
    recorded = await recordResources();
    broker = new Broker("broker", args);
    await settled(recorded);
  });

  it("is a volume, an image, a container, a provider and the topics, and nothing else", () => {
    expect(recorded.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "docker:index/container:Container broker-container",
      "docker:index/remoteImage:RemoteImage broker-image",
      "docker:index/volume:Volume broker-data",
      "kafka:index/topic:Topic game-details-topic",
      "kafka:index/topic:Topic top-games-topic",
      "pulumi:providers:kafka broker-admin",
      "steamline:kafka:Broker broker",
    ]);
  });

  it("publishes its port on loopback only, and keeps its log in the volume", () => {
    expect(named(recorded, "broker-container").inputs).toMatchObject({
      name: "test-kafka",
      image: "sha256:broker-image",
      ports: [{ internal: 20_000, external: 20_000, ip: "127.0.0.1" }],
      volumes: [{ volumeName: "steamline-test-kafka", containerPath: "/var/lib/kafka/data" }],
      networksAdvanced: [{ name: "steamline-test", aliases: ["kafka"] }],
      memory: 1024,
      memorySwap: 1024,
      restart: "unless-stopped",
      wait: true,
      labels: [{ label: "steamline.stack", value: "test" }],
    });
  });

  it("listens to containers, to the host, and to commands inside its container", () => {
    const { envs } = named(recorded, "broker-container").inputs as { envs: string[] };
    expect(envs).toContain(
      "KAFKA_LISTENERS=INTERNAL://:29092,EXTERNAL://:20000,LOCAL://:9092,CONTROLLER://:9093",
    );
    expect(envs).toContain(
      "KAFKA_ADVERTISED_LISTENERS=INTERNAL://kafka:29092,EXTERNAL://localhost:20000,LOCAL://localhost:9092",
    );
    expect(envs).toContain("KAFKA_PROCESS_ROLES=broker,controller");
    expect(envs).toContain("KAFKA_AUTO_CREATE_TOPICS_ENABLE=false");
  });

  it("has one listener for both where the host's port is the usual one", async () => {
    const plain = await recordResources();
    new Broker("broker", { ...args, port: 9092 });
    await settled(plain);
    const { envs } = named(plain, "broker-container").inputs as { envs: string[] };
    expect(envs).toContain("KAFKA_LISTENERS=INTERNAL://:29092,EXTERNAL://:9092,CONTROLLER://:9093");
  });

  it("declares every setting of a topic", () => {
    expect(named(recorded, "top-games-topic").inputs).toEqual({
      name: "test_top",
      partitions: 3,
      replicationFactor: 1,
      config: {
        "cleanup.policy": "delete",
        "compression.type": "producer",
        "flush.messages": "1",
        "max.message.bytes": "1048588",
        "message.timestamp.type": "CreateTime",
        "min.insync.replicas": "1",
        "retention.bytes": "-1",
        "retention.ms": "604800000",
        "segment.bytes": "134217728",
        "unclean.leader.election.enable": "false",
      },
    });
  });

  it("says where it is found from containers and from the host", async () => {
    expect(await valueOf(broker.internalServers)).toBe("kafka:29092");
    expect(await valueOf(broker.bootstrapServers)).toBe("localhost:20000");
    expect(await valueOf(broker.topics.topGames)).toBe("test_top");
  });

  it("brings the guide's commands into an official image, which lacks them", async () => {
    const official = await recordResources();
    new Broker("broker", { ...args, official: true });
    await settled(official);
    const { uploads } = named(official, "broker-container").inputs as {
      uploads: { file: string; executable: boolean }[];
    };
    const files = uploads.map((upload) => upload.file);
    expect(files).toContain("/usr/local/bin/kafka-topics");
    expect(files).toContain("/usr/local/bin/kafka-healthy");
    expect(uploads.every((upload) => upload.executable)).toBe(true);
  });
});

import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { ExternalKafka, type ExternalKafkaArgs } from "../../../infra/external-kafka";
import { clear, hidden, named, recordResources, settled, valueOf, type Recorded } from "./recorder";

const topic = { partitions: 3, replicationFactor: 3, retentionMs: 604_800_000 };
const args: ExternalKafkaArgs = {
  access: {
    brokers: "a.example:9092,b.example:9092",
    tls: { ca: "PEM" },
    sasl: { mechanism: "scram-sha-256", username: "company", password: "word" },
  },
  protectData: true,
  topics: {
    topGames: { ...topic, resourceName: "top-games-topic", topicName: "test_top" },
    gameDetails: { ...topic, resourceName: "game-details-topic", topicName: "test_details" },
  },
};

describe("ExternalKafka", () => {
  let recorded: Recorded[];
  let kafka: ExternalKafka;
  beforeAll(async () => {
    recorded = await recordResources();
    kafka = new ExternalKafka("kafka", args);
    await valueOf(kafka.bootstrapServers);
    await settled(recorded);
  });

  it("is topics, and a look whether it lets in, and no container", () => {
    expect(recorded.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "kafka:index/topic:Topic game-details-topic",
      "kafka:index/topic:Topic top-games-topic",
      "pulumi-nodejs:dynamic/steamline:KafkaClusterShape kafka-shape",
      "pulumi-nodejs:dynamic/steamline:KafkaEndpoint kafka-endpoint",
      "pulumi:providers:kafka kafka-admin",
      "steamline:kafka:External kafka",
    ]);
  });

  it("is logged in to in the provider's own words", () => {
    expect(clear(named(recorded, "kafka-admin").inputs)).toMatchObject({
      bootstrapServers: '["a.example:9092","b.example:9092"]',
      tlsEnabled: "true",
      caCert: "PEM",
      saslMechanism: "scram-sha256",
      saslUsername: "company",
      saslPassword: "word",
    });
  });

  it("keeps the password secret wherever it goes", async () => {
    const shown = JSON.stringify(recorded.map(({ inputs }) => hidden(inputs)));
    expect(shown).toContain("a.example");
    expect(shown).not.toContain('"word"');
    expect(await pulumi.isSecret(kafka.access)).toBe(true);
    expect(await pulumi.isSecret(kafka.client().login!.sasl!.password)).toBe(true);
  });

  it("tells its clients nothing where it asks nothing", async () => {
    await recordResources();
    const open = new ExternalKafka("kafka", { ...args, access: { brokers: "c.example:9092" } });
    const client = open.client();
    expect(client.login).toBeUndefined();
    expect(await valueOf(client.servers)).toBe("c.example:9092");
    expect(await valueOf(open.access)).toEqual({ brokers: "c.example:9092" });
  });
});

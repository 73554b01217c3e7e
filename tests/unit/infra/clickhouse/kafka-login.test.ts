import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { inOrder, parseFile } from "../../../../infra/clickhouse/catalog";
import { brokersFor, collectionsOf, kafkaUploads } from "../../../../infra/clickhouse/kafka-login";
import type { KafkaLogin } from "../../../../infra/kafka-users";
import { recordResources, valueOf } from "../recorder";

const servers = "kafka:29092,kafka-2:29092";
const login = {
  servers,
  tls: { ca: pulumi.output("PEM") },
  sasl: {
    mechanism: "scram-sha-512" as const,
    username: "clickhouse",
    password: pulumi.output("a<&b"),
  },
};
const client = { servers: pulumi.output(servers), login };

describe("ClickHouse's log-in at Kafka", () => {
  beforeAll(async () => void (await recordResources()));

  it("leads the embedded engine through its own container, and nothing else", async () => {
    expect(await valueOf(brokersFor("embedded", client))).toBe("127.0.0.1:29092");
    expect(await valueOf(brokersFor("server", client))).toBe(servers);
    expect(await valueOf(brokersFor("embedded", { servers: client.servers }))).toBe(servers);
    expect(kafkaUploads("embedded", undefined)).toEqual([]);
  });

  it("stands with the collections of the official server, which take it from nowhere else", async () => {
    const collection = parseFile(
      "sql/broker.sql",
      "CREATE NAMED COLLECTION broker AS kafka_broker_list = {brokers:String}, `kafka.group_instance_id` = 'x'",
    );
    const args = { collections: inOrder([collection]), placeholders: { brokers: servers } };
    const of = (kafkaLogin: KafkaLogin) => collectionsOf({ ...args, kafkaLogin }, "clickhouse");
    const uploads = kafkaUploads("server", login, of(login));
    expect(uploads.map(({ file }) => file)).toEqual([
      "/etc/clickhouse-server/kafka-authority.pem",
      "/etc/clickhouse-server/config.d/steamline-kafka.xml",
    ]);
    const xml = (await valueOf(pulumi.output(uploads[1]!.content)))!;
    const settings = [...xml.matchAll(/<(\w+)>([^<\n]+)<\/\1>/g)].map(([, key, value]) => [key, value]); // prettier-ignore
    expect(xml).toMatch(/<broker>\s*<kafka_broker_list>.*<\/kafka_broker_list>\s*<kafka>/);
    expect(Object.fromEntries(settings)).toEqual({
      kafka_broker_list: servers,
      group_instance_id: "clickhouse",
      security_protocol: "sasl_ssl",
      ssl_ca_location: "/etc/clickhouse-server/kafka-authority.pem",
      sasl_mechanism: "SCRAM-SHA-512",
      sasl_username: "clickhouse",
      sasl_password: "a&lt;&amp;b",
    });
    const open = { servers, tls: {} };
    const [file, ...more] = kafkaUploads("server", open, of(open));
    expect(more).toEqual([]);
    expect(await valueOf(pulumi.output(file!.content))).toMatch(
      /<security_protocol>ssl<\/security_protocol>\s*<\/kafka>/,
    );
  });
});

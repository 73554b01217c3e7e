import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { brokersFor, kafkaUploads } from "../../../../infra/clickhouse/kafka-login";
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

  it("is a file of settings for all Kafka tables of the official server", async () => {
    const uploads = kafkaUploads("server", login);
    expect(uploads.map(({ file }) => file)).toEqual([
      "/etc/clickhouse-server/kafka-authority.pem",
      "/etc/clickhouse-server/config.d/steamline-kafka.xml",
    ]);
    const xml = (await valueOf(pulumi.output(uploads[1]!.content)))!;
    const settings = [...xml.matchAll(/<(\w+)>([^<\n]+)<\/\1>/g)].map(([, key, value]) => [key, value]); // prettier-ignore
    expect(Object.fromEntries(settings)).toEqual({
      security_protocol: "sasl_ssl",
      ssl_ca_location: "/etc/clickhouse-server/kafka-authority.pem",
      sasl_mechanism: "SCRAM-SHA-512",
      sasl_username: "clickhouse",
      sasl_password: "a&lt;&amp;b",
    });
    const [file, ...more] = kafkaUploads("server", { servers, tls: {} });
    expect(more).toEqual([]);
    expect(await valueOf(pulumi.output(file!.content))).toMatch(
      /<kafka>\s*<security_protocol>ssl<\/security_protocol>\s*<\/kafka>/,
    );
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { ofType, local, runProgram, secretUploads } from "./program";
import { clear, named, type Recorded } from "./recorder";

const PASSWORD = "secret-of-kafka-clickhouse-password";

// A file of its own: the scratch engine makes Kafka tables once in a process, for one program.
describe("the program where Kafka's clients have to prove who they are", () => {
  let recorded: Recorded[];
  let outputs: Record<string, unknown>;
  beforeAll(async () => {
    const config = { ...local, kafkaSecurity: "sasl_ssl", transactions: "true" };
    ({ recorded, outputs } = await runProgram("safe", config));
  });

  it("lets the producer write and ClickHouse read what is theirs, and nothing else", () => {
    expect(ofType(recorded, "kafka:index/acl:Acl").sort()).toEqual([
      "kafka-clickhouse-read-group-safe_clickhouse_steam_game_details_consumer",
      "kafka-clickhouse-read-group-safe_clickhouse_steam_top_games_consumer",
      "kafka-clickhouse-read-topic-safe_steam_game_details_topic",
      "kafka-clickhouse-read-topic-safe_steam_top_games_topic",
      "kafka-producer-write-topic-safe_steam_game_details_topic",
      "kafka-producer-write-topic-safe_steam_top_games_topic",
      "kafka-producer-write-transactionalid-safe-steam-producer.safe_steam_game_details_topic",
      "kafka-producer-write-transactionalid-safe-steam-producer.safe_steam_top_games_topic",
    ]);
  });

  it("gives the producer its password and whom to trust as files", () => {
    const { envs, readOnly, uploads } = clear(named(recorded, "producer-container").inputs) as {
      envs: string[];
      readOnly: boolean;
      uploads: { file: string; content: string }[];
    };
    expect(envs).toEqual(
      expect.arrayContaining([
        "KAFKA_BROKERS=kafka:29092",
        "KAFKA_SASL_MECHANISM=scram-sha-512",
        "KAFKA_SASL_USERNAME=producer",
        "KAFKA_SASL_PASSWORD_FILE=/run/secrets/kafka-password",
        "KAFKA_TLS_CA_FILE=/run/secrets/kafka-authority.pem",
      ]),
    );
    expect(envs.join()).not.toContain("secret-of");
    expect(readOnly).toBe(false);
    expect(uploads.map(({ file, content }) => [file, content])).toEqual([
      ["/run/secrets/kafka-password", "secret-of-kafka-producer-password"],
      ["/run/secrets/kafka-authority.pem", "certificate-of-kafka-security-authority"],
    ]);
  });

  it("has the embedded engine's container lead to Kafka, and no password in SQL", () => {
    const { statement } = clear(named(recorded, "steam_kafka").inputs) as { statement: string };
    expect(statement).toContain("kafka_broker_list = '127.0.0.1:29092'");
    const sql = recorded.filter(({ type }) => type.endsWith(":SqlObject"));
    expect(JSON.stringify(sql)).not.toContain(PASSWORD);
    const file = secretUploads(recorded, "warehouse-container").find(
      ({ file }) => file === "/etc/steamline/kafka.json",
    );
    expect(JSON.parse(clear(file?.content) as string)).toEqual({
      brokers: "kafka:29092",
      tls: { ca: "certificate-of-kafka-security-authority" },
      sasl: { mechanism: "scram-sha-512", username: "clickhouse", password: PASSWORD },
    });
  });

  it("tells whoever may read its secrets how to reach Kafka", () => {
    expect(outputs["kafkaTls"]).toEqual({
      ca: "certificate-of-kafka-security-authority",
      cert: "certificate-of-kafka-security-admin",
      key: "key-of-kafka-security-admin",
    });
    expect(outputs["kafkaBootstrapServers"]).toMatch(/^localhost:\d+$/);
  });
});

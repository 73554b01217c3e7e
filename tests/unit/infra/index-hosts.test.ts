import { beforeAll, describe, expect, it, vi } from "vitest";
import { createAuthority, createCertificate } from "../../../infra/dynamic/certificates";
import { containerInputs, local, ofType, runProgram } from "./program";
import { clear, named, type Recorded } from "./recorder";

const hosts = [
  "kafka,pipeline unix:///run/a.sock 10.0.0.1",
  "kafka tcp://b:2376 10.0.0.2",
  "clickhouse ssh://ops@c 10.0.0.3",
].join("; ");

// A file of its own: the scratch engine makes Kafka tables once in a process, for one program.
describe("the program over several Docker hosts", () => {
  let recorded: Recorded[];
  let outputs: Record<string, unknown>;
  let key: string;
  beforeAll(async () => {
    const authority = await createAuthority({ commonName: "Docker" });
    const client = await createCertificate({ authority, commonName: "c", hosts: [], days: 1 });
    ({ key } = client);
    const config = {
      ...local,
      grafanaImage: "grafana/grafana:1",
      hosts,
      hostsTls: `${authority.certificate}\n${client.certificate}\n${key}`,
      hostsInClear: "true",
      kafkaSecurity: "sasl_ssl",
      kafkaPort: "9092",
      clickhousePort: "8123",
      grafanaPort: "3000",
      producerPort: "9464",
      brokers: "3",
    };
    vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", JSON.stringify(["steamline:hostsTls"]));
    ({ recorded, outputs } = await runProgram("wide", config));
    vi.unstubAllEnvs();
  });

  it("has a provider and a network for each host, named by its address", () => {
    expect(ofType(recorded, "pulumi:providers:docker").sort()).toEqual([
      "docker-10.0.0.1",
      "docker-10.0.0.2",
      "docker-10.0.0.3",
    ]);
    expect(ofType(recorded, "docker:index/network:Network").sort()).toEqual([
      "network-10.0.0.1-bridge",
      "network-10.0.0.2-bridge",
      "network-10.0.0.3-bridge",
    ]);
    expect(named(recorded, "docker-10.0.0.3").inputs).toEqual({ host: "ssh://ops@c" });
    expect(clear(named(recorded, "docker-10.0.0.2").inputs)).toMatchObject({
      host: "tcp://b:2376",
      keyMaterial: key,
    });
    expect(JSON.stringify(named(recorded, "docker-10.0.0.2").inputs["keyMaterial"])).toMatch(
      /^\{"/,
    );
  });

  it("leaves nothing of Docker's to the one engine of a stack without hosts", () => {
    const providers = recorded
      .filter(({ type }) => type.startsWith("docker:"))
      .map(({ name, provider }) => [name, /::docker-([\d.]+)::/.exec(provider)?.[1]]);
    expect(Object.fromEntries(providers)).toEqual({
      "network-10.0.0.1-bridge": "10.0.0.1",
      "network-10.0.0.2-bridge": "10.0.0.2",
      "network-10.0.0.3-bridge": "10.0.0.3",
      "broker-image-10.0.0.1": "10.0.0.1",
      "broker-image-10.0.0.2": "10.0.0.2",
      "broker-data": "10.0.0.1",
      "broker-2-data": "10.0.0.2",
      "broker-3-data": "10.0.0.1",
      "broker-container": "10.0.0.1",
      "broker-2-container": "10.0.0.2",
      "broker-3-container": "10.0.0.1",
      "warehouse-data": "10.0.0.3",
      "warehouse-image": "10.0.0.3",
      "warehouse-container": "10.0.0.3",
      "grafana-data": "10.0.0.3",
      "grafana-image": "10.0.0.3",
      "grafana-container": "10.0.0.3",
      "producer-image": "10.0.0.1",
      "producer-spool": "10.0.0.1",
      "producer-container": "10.0.0.1",
      "simulator-container": "10.0.0.1",
    });
  });

  it("has the producer's image built by the host's own engine", () => {
    expect(named(recorded, "producer-image").inputs).toMatchObject({
      build: { useLegacyBuilder: true },
    });
  });

  it("publishes on each host's address, and on no other", () => {
    const published = containerInputs(recorded).map(({ name, ports }) => [
      name,
      ports.map(({ ip, external }) => `${ip}:${external}`),
    ]);
    expect(Object.fromEntries(published)).toEqual({
      "wide-kafka": ["10.0.0.1:9092", "10.0.0.1:9097", "10.0.0.1:9098"],
      "wide-kafka-2": ["10.0.0.2:9092", "10.0.0.2:9097", "10.0.0.2:9098"],
      "wide-kafka-3": ["10.0.0.1:9099", "10.0.0.1:9100", "10.0.0.1:9101"],
      "wide-clickhouse-server": ["10.0.0.3:8123"],
      "wide-grafana": ["10.0.0.3:3000"],
      "wide-steam-producer": ["10.0.0.1:9464"],
      "wide-steam-simulator": [],
    });
  });

  it("has the brokers, their voters, racks and certificates by address", () => {
    const { envs } = named(recorded, "broker-2-container").inputs as { envs: string[] };
    expect(envs).toEqual(
      expect.arrayContaining([
        "KAFKA_LISTENERS=INTERNAL://:29092,EXTERNAL://:19092,LOCAL://:9092,PROBE://127.0.0.1:9091,CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS=INTERNAL://10.0.0.2:9097,EXTERNAL://10.0.0.2:9092,LOCAL://10.0.0.2:9092,PROBE://127.0.0.1:9091",
        "KAFKA_CONTROLLER_QUORUM_VOTERS=1@10.0.0.1:9098,2@10.0.0.2:9098,3@10.0.0.1:9101",
        "KAFKA_BROKER_RACK=10.0.0.2",
      ]),
    );
    expect(clear(named(recorded, "kafka-security-kafka-2").inputs)).toMatchObject({
      hosts: ["kafka-2", "localhost", "10.0.0.2"],
    });
  });

  it("tells containers and whoever deploys the addresses", () => {
    const { envs } = named(recorded, "producer-container").inputs as { envs: string[] };
    expect(envs).toContain("KAFKA_BROKERS=10.0.0.1:9097,10.0.0.2:9097,10.0.0.1:9100");
    expect(outputs).toMatchObject({
      kafkaBootstrapServers: "10.0.0.1:9092,10.0.0.2:9092,10.0.0.1:9099",
      clickhouseUrl: "http://10.0.0.3:8123",
      grafanaUrl: "http://10.0.0.3:3000",
      producerUrl: "http://10.0.0.1:9464",
    });
  });

  it("gives Grafana its dashboards, as it has no directory of this machine, and ClickHouse's address", () => {
    const inputs = clear(named(recorded, "grafana-container").inputs) as {
      volumes: { hostPath?: string }[];
      uploads: { file: string; content: string }[];
    };
    expect(inputs.volumes.filter(({ hostPath }) => hostPath !== undefined)).toEqual([]);
    const dashboards = inputs.uploads.filter(({ file }) => file.endsWith(".json"));
    expect(dashboards.map(({ file }) => file)).toContain(
      "/etc/steamline/dashboards/steamline-players.json",
    );
    for (const { content } of dashboards) JSON.parse(content);
    const source = inputs.uploads.find(({ file }) => file.endsWith("datasources/clickhouse.yaml"));
    expect(source?.content).toMatch(/host: 10\.0\.0\.3\n +port: 8123/);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { Broker, type BrokerArgs } from "../../../infra/broker";
import { KafkaSecurity } from "../../../infra/kafka-security";
import type { KafkaLogin } from "../../../infra/kafka-users";
import { clear, named, recordResources, settled, valueOf, type Recorded } from "./recorder";

const topic = { partitions: 3, replicationFactor: 1, retentionMs: 604_800_000 };
const args: BrokerArgs = {
  stack: "test",
  containerName: "test-kafka",
  volumeName: "steamline-test-kafka",
  networkName: "steamline-test",
  imageReference: "apache/kafka:4.1.0",
  official: false,
  memoryMb: 1024,
  ports: [20_000],
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

  it("is a volume, an image, a container, a provider, the topics and a note of its shape, and nothing else", () => {
    expect(recorded.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "docker:index/container:Container broker-container",
      "docker:index/remoteImage:RemoteImage broker-image",
      "docker:index/volume:Volume broker-data",
      "kafka:index/topic:Topic game-details-topic",
      "kafka:index/topic:Topic top-games-topic",
      "pulumi-nodejs:dynamic/steamline:KafkaClusterShape broker-shape",
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
    new Broker("broker", { ...args, ports: [9092] });
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
    expect(await valueOf(broker.client("anyone", {}).servers)).toBe("kafka:29092");
    expect(await valueOf(broker.bootstrapServers)).toBe("localhost:20000");
    expect(await valueOf(broker.topics.topGames)).toBe("test_top");
  });

  it("brings the guide's commands into an official image, which lacks them", async () => {
    const official = await recordResources();
    new Broker("broker", { ...args, official: true });
    await settled(official);
    const { uploads, command } = named(official, "broker-container").inputs as {
      uploads: { file: string; executable: boolean }[];
      command: string[];
    };
    const files = uploads.map((upload) => upload.file);
    expect(files).toContain("/usr/local/bin/kafka-topics");
    expect(files).toContain("/usr/local/bin/kafka-healthy");
    expect(uploads.every((upload) => upload.executable)).toBe(true);
    // By which it starts where its disk has room only.
    expect(command).toEqual(["/usr/local/bin/kafka-when-room", "/etc/kafka/docker/run"]);
    expect(files).toContain(command[0]);
  });
});

describe("Broker of four nodes", () => {
  let recorded: Recorded[];
  let broker: Broker;
  const envsOf = (name: string) => (named(recorded, name).inputs as { envs: string[] }).envs;
  const three = { ...topic, replicationFactor: 3 };
  beforeAll(async () => {
    recorded = await recordResources();
    broker = new Broker("broker", {
      ...args,
      ports: [20_000, 20_005, 20_006, 20_007],
      topics: {
        topGames: { ...three, resourceName: "top-games-topic", topicName: "test_top" },
        gameDetails: { ...three, resourceName: "game-details-topic", topicName: "test_details" },
      },
    });
    await settled(recorded);
  });

  it("gives each node a volume, a container and a port of its own", () => {
    const of = (type: string) => recorded.filter((one) => one.type === type);
    expect(
      of("docker:index/volume:Volume")
        .map(({ inputs }) => inputs.name)
        .sort(),
    ).toEqual(["", "-2", "-3", "-4"].map((more) => `steamline-test-kafka${more}`));
    expect(named(recorded, "broker-3-container").inputs).toMatchObject({
      name: "test-kafka-3",
      hostname: "kafka-3",
      ports: [{ internal: 19_092, external: 20_006, ip: "127.0.0.1" }],
      volumes: [{ volumeName: "steamline-test-kafka-3" }],
      wait: false,
    });
  });

  it("has each found by the host, by containers, and by commands inside any of the containers", () => {
    expect(envsOf("broker-2-container")).toContain(
      "KAFKA_ADVERTISED_LISTENERS=INTERNAL://kafka-2:29092,EXTERNAL://localhost:20005,LOCAL://kafka-2:9092",
    );
  });

  it("has the first three vote, wherever they are named", () => {
    for (const name of ["broker-container", "broker-2-container", "broker-3-container"])
      expect(envsOf(name)).toContain("KAFKA_PROCESS_ROLES=broker,controller");
    expect(envsOf("broker-4-container")).toContain("KAFKA_PROCESS_ROLES=broker");
    for (const name of ["broker-container", "broker-4-container"])
      expect(envsOf(name)).toContain(
        "KAFKA_CONTROLLER_QUORUM_VOTERS=1@kafka:9093,2@kafka-2:9093,3@kafka-3:9093",
      );
    expect(named(recorded, "broker-shape").inputs).toMatchObject({ controllers: 3 });
  });

  it("keeps three copies of its own topics and of the stack's, two of which have to have a record", () => {
    expect(envsOf("broker-2-container")).toEqual(
      expect.arrayContaining([
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR=3",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR=3",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR=2",
      ]),
    );
    expect(named(recorded, "top-games-topic").inputs).toMatchObject({
      replicationFactor: 3,
      config: { "min.insync.replicas": "2", "flush.messages": "9223372036854775807" },
    });
  });

  it("is found at all of its nodes", async () => {
    expect(await valueOf(broker.client("anyone", {}).servers)).toBe(
      "kafka:29092,kafka-2:29092,kafka-3:29092,kafka-4:29092",
    );
    expect(await valueOf(broker.bootstrapServers)).toBe(
      "localhost:20000,localhost:20005,localhost:20006,localhost:20007",
    );
  });
});

describe("Broker whose clients have to prove who they are", () => {
  let recorded: Recorded[];
  let broker: Broker;
  let login: KafkaLogin | undefined;
  beforeAll(async () => {
    recorded = await recordResources();
    const security = new KafkaSecurity("kafka-security", { stack: "test", brokers: 2 });
    broker = new Broker("broker", { ...args, ports: [20_000, 20_005], security });
    const rights = { reads: ["test_top"], groups: ["test_group"], transactionalIds: ["test-id"] };
    const client = broker.client("clickhouse", rights);
    ({ login } = client);
    await valueOf(client.servers);
    await settled(recorded);
  });

  it("asks containers for a password, everybody else for a certificate, and health checks for nothing", () => {
    const { envs } = named(recorded, "broker-2-container").inputs as { envs: string[] };
    expect(envs).toEqual(
      expect.arrayContaining([
        "KAFKA_LISTENERS=INTERNAL://:29092,EXTERNAL://:19092,LOCAL://:9092,PROBE://127.0.0.1:9091",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP=INTERNAL:SASL_SSL,EXTERNAL:SSL,LOCAL:SSL,PROBE:PLAINTEXT,CONTROLLER:SSL",
        "KAFKA_INTER_BROKER_LISTENER_NAME=LOCAL",
        "KAFKA_SSL_CLIENT_AUTH=required",
        "KAFKA_LISTENER_NAME_INTERNAL_SSL_CLIENT_AUTH=none",
        "KAFKA_SUPER_USERS=User:kafka;User:admin",
        "KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND=false",
      ]),
    );
  });

  it("gives each node a certificate for its own name, and no password to any", () => {
    expect(clear(named(recorded, "kafka-security-kafka-2").inputs)).toMatchObject({
      commonName: "kafka",
      hosts: ["kafka-2", "localhost"],
      authority: { certificate: "certificate-of-kafka-security-authority" },
    });
    const container = clear(named(recorded, "broker-2-container").inputs) as {
      uploads: { file: string; content: string }[];
    };
    const files = Object.fromEntries(container.uploads.map(({ file, content }) => [file, content]));
    expect(files["/etc/steamline/authority.pem"]).toBe("certificate-of-kafka-security-authority");
    expect(files["/etc/steamline/node.pem"]).toBe(
      "key-of-kafka-security-kafka-2\ncertificate-of-kafka-security-kafka-2",
    );
    expect(JSON.stringify(container)).not.toContain("secret-of");
  });

  it("lets a user do what it says and nothing else", () => {
    expect(clear(named(recorded, "kafka-clickhouse-credential").inputs)).toMatchObject({
      username: "clickhouse",
      scramMechanism: "SCRAM-SHA-512",
      password: "secret-of-kafka-clickhouse-password",
    });
    const acls = recorded
      .filter(({ type }) => type === "kafka:index/acl:Acl")
      .map(({ inputs }) => inputs);
    const allowed = { aclPrincipal: "User:clickhouse", aclPermissionType: "Allow" };
    expect(acls).toHaveLength(3);
    expect(acls).toEqual(
      expect.arrayContaining(
        [
          { aclResourceType: "Topic", aclOperation: "Read", aclResourceName: "test_top" },
          { aclResourceType: "Group", aclOperation: "Read", aclResourceName: "test_group" },
          { aclResourceType: "TransactionalID", aclOperation: "Write", aclResourceName: "test-id" },
        ].map((own) => expect.objectContaining({ ...allowed, ...own }) as unknown),
      ),
    );
  });

  it("is managed from the host by the administrator's certificate", async () => {
    expect(clear(named(recorded, "broker-admin").inputs)).toMatchObject({
      tlsEnabled: "true",
      caCert: "certificate-of-kafka-security-authority",
      clientCert: "certificate-of-kafka-security-admin",
      clientKey: "key-of-kafka-security-admin",
    });
    expect(await valueOf(broker.access)).toEqual({
      brokers: "localhost:20000,localhost:20005",
      tls: {
        ca: "certificate-of-kafka-security-authority",
        cert: "certificate-of-kafka-security-admin",
        key: "key-of-kafka-security-admin",
      },
    });
    expect(login?.servers).toBe("kafka:29092,kafka-2:29092");
  });

  it("is not made of an authority of its own where one is given", async () => {
    const own = await recordResources();
    const authority = { certificate: "given", key: "given-key" };
    new KafkaSecurity("kafka-security", { stack: "test", brokers: 1, authority });
    await settled(own);
    expect(own.map(({ name }) => name).sort()).toEqual([
      "kafka-security",
      "kafka-security-admin",
      "kafka-security-kafka",
    ]);
  });
});

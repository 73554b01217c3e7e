import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Kafka, logLevel } from "kafkajs";
import { createProgress } from "../../tools/lib/progress";
import { ensureDocker } from "../../tools/setup/docker";
import { ensureImages } from "../../tools/setup/images";
import { freePort } from "./stand";

const run = promisify(execFile);
const READY_DEADLINE_MS = 90_000;
const ADMIN_TIMEOUT_MS = 10_000;

export interface BrokerOptions {
  /** Broker settings beside the usual ones. */
  settings?: Record<string, string>;
  /** Has clients log in: `producer` with this password. */
  password?: string;
  /** Size of the disk that the log is on. @default as large as the machine's */
  diskMb?: number;
}

/** A broker in a container, to be ill-treated. */
export class TestBroker {
  private constructor(
    readonly address: string,
    private readonly id: string,
    private readonly password: string | undefined,
  ) {}

  static async start(options: BrokerOptions = {}): Promise<TestBroker> {
    const [port, controller] = await Promise.all([freePort(), freePort()]);
    const broker = new TestBroker(
      `127.0.0.1:${port}`,
      await createContainer(port, controller, options),
      options.password,
    );
    await broker.resume("start");
    return broker;
  }

  async docker(...args: string[]): Promise<string> {
    return (await run("docker", args)).stdout;
  }

  /** Runs a shell command in the container. */
  shell(command: string): Promise<string> {
    return this.docker("exec", "--user", "0", this.id, "sh", "-c", command);
  }

  /** stop: as an orderly end. pause: all of its processes stand still. kill: as a power cut. */
  async halt(how: "stop" | "pause" | "kill"): Promise<void> {
    await this.docker(how, this.id);
  }

  async resume(how: "start" | "unpause"): Promise<void> {
    await this.docker(how, this.id);
    await this.withAdmin((admin) => admin.listTopics(), READY_DEADLINE_MS);
  }

  async createTopic(topic: string, settings: Record<string, string> = {}): Promise<void> {
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    await this.withAdmin((admin) =>
      admin.createTopics({ topics: [{ topic, numPartitions: 3, configEntries }] }),
    );
  }

  /** Runs `work` with an administrator's connection, again until it succeeds. */
  async withAdmin<T>(
    work: (admin: ReturnType<Kafka["admin"]>) => Promise<T>,
    deadlineMs = 20_000,
  ): Promise<T> {
    for (const since = Date.now(); ;) {
      const admin = this.client().admin();
      try {
        // kafkajs's administrator hangs now and then where the broker has only just started.
        return await limited(
          ADMIN_TIMEOUT_MS,
          admin.connect().then(() => work(admin)),
        );
      } catch (error) {
        if (Date.now() - since > deadlineMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      } finally {
        await limited(1_000, admin.disconnect()).catch(() => undefined);
      }
    }
  }

  /** All that readers of committed messages see in a topic, by partition and offset. */
  async read(topic: string): Promise<StoredRecord[]> {
    // So does its consumer.
    for (let attempt = 1; ; attempt++) {
      const records = await limited(20_000, this.readOnce(topic)).catch((error: unknown) => {
        if (attempt === 3) throw error;
      });
      if (records) return records;
    }
  }

  private async readOnce(topic: string): Promise<StoredRecord[]> {
    const ends = await this.withAdmin((admin) => admin.fetchTopicOffsets(topic));
    const consumer = this.client().consumer({
      groupId: `reader-${Math.random()}`,
      maxWaitTimeInMs: 200,
    });
    const found: StoredRecord[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const open = new Set(ends.filter(({ high, low }) => high !== low).map((end) => end.partition));
    let lastAt = Date.now();
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        lastAt = Date.now();
        const { key, value, offset } = message;
        found.push({ partition, offset: Number(offset), key: String(key), value: String(value) });
        const end = ends.find((other) => other.partition === partition);
        if (Number(offset) >= Number(end?.high) - 1) open.delete(partition);
      },
    });
    // The last offsets of a topic may be markers of transactions, which no reader is shown.
    while (open.size > 0 && Date.now() - lastAt < 4_000)
      await new Promise((resolve) => setTimeout(resolve, 50));
    await consumer.disconnect();
    return found.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
  }

  async close(): Promise<void> {
    await this.docker("rm", "--force", "--volumes", this.id).catch(() => undefined);
  }

  private client(): Kafka {
    const { password } = this;
    return new Kafka({
      brokers: [this.address],
      logLevel: logLevel.NOTHING,
      retry: { retries: 3 },
      ...(password === undefined
        ? {}
        : { sasl: { mechanism: "plain", username: "producer", password } }),
    });
  }
}

function limited<T>(ms: number, work: Promise<T>): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => setTimeout(reject, ms, new Error(`not done in ${ms} ms`))),
  ]);
}

export interface StoredRecord {
  partition: number;
  offset: number;
  key: string;
  value: string;
}

async function createContainer(
  port: number,
  controller: number,
  { settings = {}, password, diskMb }: BrokerOptions,
): Promise<string> {
  const progress = createProgress();
  const engine = await ensureDocker(progress);
  const { kafkaImage } = await ensureImages(progress, "local", engine);
  const protocol = password === undefined ? "PLAINTEXT" : "SASL_PLAINTEXT";
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required username="broker" password="broker" user_broker="broker" user_producer="${password}";`;
  const properties: Record<string, string> = {
    KAFKA_NODE_ID: "1",
    KAFKA_PROCESS_ROLES: "broker,controller",
    KAFKA_LISTENERS: `CLIENTS://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    KAFKA_ADVERTISED_LISTENERS: `CLIENTS://127.0.0.1:${port}`,
    KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
    KAFKA_INTER_BROKER_LISTENER_NAME: "CLIENTS",
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: `CONTROLLER:PLAINTEXT,CLIENTS:${protocol}`,
    KAFKA_CONTROLLER_QUORUM_VOTERS: `1@127.0.0.1:${controller}`,
    KAFKA_LOG_DIRS: "/var/lib/kafka/data",
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
    KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: "3",
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1",
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
    KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: "3",
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
    KAFKA_HEAP_OPTS: "-Xms128m -Xmx384m",
    ...(password === undefined
      ? {}
      : {
          KAFKA_SASL_ENABLED_MECHANISMS: "PLAIN",
          KAFKA_SASL_MECHANISM_INTER_BROKER_PROTOCOL: "PLAIN",
          KAFKA_LISTENER_NAME_CLIENTS_PLAIN_SASL_JAAS_CONFIG: login,
        }),
    ...settings,
  };
  const flags = [
    ...["--network=host", "--user=0"],
    ...Object.entries(properties).map(([key, value]) => `--env=${key}=${value}`),
    ...(diskMb === undefined ? [] : [`--tmpfs=/var/lib/kafka/data:size=${diskMb}m`]),
  ];
  const { stdout } = await run("docker", ["create", ...flags, kafkaImage]);
  return stdout.trim();
}

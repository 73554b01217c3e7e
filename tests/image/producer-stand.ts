import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Kafka, logLevel } from "kafkajs";
import { stageProducerImage } from "../../pipeline/bundle";
import type { Environment } from "../../pipeline/environment";
import { createSimulator, type SimulatorArgs } from "../../pipeline/simulator/server";
import { createProgress } from "../../tools/lib/progress";
import { ensureDocker } from "../../tools/setup/docker";
import { ensureImages } from "../../tools/setup/images";
import { freePort, stop } from "./stand";

const run = promisify(execFile);
const READY_DEADLINE_MS = 90_000;

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
        await admin.connect();
        return await work(admin);
      } catch (error) {
        if (Date.now() - since > deadlineMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      } finally {
        await admin.disconnect().catch(() => undefined);
      }
    }
  }

  /** All that readers of committed messages see in a topic, by partition and offset. */
  async read(topic: string): Promise<StoredRecord[]> {
    // kafkajs's consumer hangs now and then where its group's coordinator is only just there.
    for (let attempt = 1; ; attempt++) {
      const late = new Promise<undefined>((resolve) => setTimeout(resolve, 20_000, undefined));
      const records = await Promise.race([this.readOnce(topic), late]);
      if (records) return records;
      if (attempt === 3) throw new Error(`the reader of ${topic} hangs`);
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

/** The simulated Steam on a port of its own. */
export async function startSimulator(
  args: Partial<SimulatorArgs> = {},
): Promise<{ url: string; close(): void }> {
  const server: Server = createSimulator({
    seed: 1,
    faultRate: 0,
    storeCallsPer5Minutes: 0,
    ...args,
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

let staged: string | undefined;

/** A producer as the image runs it, in a process of its own. */
export class TestProducer {
  readonly lines: Record<string, unknown>[] = [];

  private constructor(private readonly child: ChildProcess) {
    let rest = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) this.lines.push(JSON.parse(line) as Record<string, unknown>);
    });
  }

  static start(environment: Environment): TestProducer {
    staged ??= mkdtempSync(join(tmpdir(), "producer-"));
    const { contextDir } = stageProducerImage(staged);
    const child = spawn(process.execPath, [join(contextDir, "producer.js")], {
      env: { PATH: process.env["PATH"], STATUS_PORT: "0", SOURCE: "simulated", ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    return new TestProducer(child);
  }

  /** Waits for a line that says `text`, after the first `from` lines. */
  async until(
    text: string,
    { from = 0, deadlineMs = 30_000 } = {},
  ): Promise<Record<string, unknown>> {
    for (const since = Date.now(); ;) {
      const line = this.lines.slice(from).find(({ msg }) => String(msg).includes(text));
      if (line) return line;
      if (Date.now() - since > deadlineMs)
        throw new Error(`no line says ${JSON.stringify(text)}:\n${JSON.stringify(this.lines)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** null while it runs. */
  get exitCode(): number | null {
    return this.child.exitCode;
  }

  /** Ends it, and gives its exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    await stop(this.child, signal);
    return this.child.exitCode;
  }

  /** Records that its log says were delivered. */
  get delivered(): number {
    return this.lines
      .filter(({ msg }) => msg === "delivered")
      .reduce((sum, { records }) => sum + Number(records), 0);
  }
}

/** A directory that is gone at the end of the tests' process. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "spool-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** What is wrong with a topic in which each key's snapshots should stand once and in the order of their time. */
export function disorderIn(records: readonly StoredRecord[]): string[] {
  const faults: string[] = [];
  const lastTime = new Map<string, string>();
  for (const { key, value, partition, offset } of records) {
    const { game_id, fetch_time } = JSON.parse(value) as { game_id: number; fetch_time: string };
    const at = `partition ${partition}, offset ${offset}`;
    if (String(game_id) !== key) faults.push(`${at}: key ${key} on game ${game_id}`);
    const last = lastTime.get(key) ?? "";
    if (fetch_time <= last) faults.push(`${at}: game ${key} at ${fetch_time} after ${last}`);
    lastTime.set(key, fetch_time);
  }
  return faults;
}

import { Kafka, logLevel } from "kafkajs";
import { createContainer, createDisk, docker, type BrokerOptions } from "./producer-container";
import { freePort } from "./stand";

export type { BrokerOptions } from "./producer-container";

const READY_DEADLINE_MS = 90_000;
const ADMIN_TIMEOUT_MS = 10_000;
const READ_TIMEOUT_MS = 120_000;
/** How long a consumer may take until it gets its first message. */
const JOIN_TIMEOUT_MS = 20_000;
/** How long no message comes once all have come, where the log ends with what no reader is shown. */
const QUIET_MS = 8_000;

/** A broker in a container, to be ill-treated. */
export class TestBroker {
  private constructor(
    readonly address: string,
    private readonly id: string,
    private readonly disk: Awaited<ReturnType<typeof createDisk>> | undefined,
    private readonly password: string | undefined,
  ) {}

  static async start(options: BrokerOptions = {}): Promise<TestBroker> {
    const [port, controller] = await Promise.all([freePort(), freePort()]);
    const { diskMb, password } = options;
    const disk = diskMb === undefined ? undefined : await createDisk(diskMb);
    const id = await createContainer(port, controller, options, disk?.volume);
    const broker = new TestBroker(`127.0.0.1:${port}`, id, disk, password);
    await broker.resume("start");
    return broker;
  }

  /** Runs a shell command in the directory of the broker's small disk, whether the broker runs or not. */
  async onDisk(command: string): Promise<void> {
    await docker("exec", "--workdir", "/disk", this.disk?.keeper ?? "", "sh", "-c", command);
  }

  /** stop: as an orderly end. pause: all of its processes stand still. kill: as a power cut. */
  async halt(how: "stop" | "pause" | "kill"): Promise<void> {
    await docker(how, this.id);
  }

  async resume(how: "start" | "unpause"): Promise<void> {
    await docker(how, this.id);
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
      const records = await limited(READ_TIMEOUT_MS, this.readOnce(topic)).catch(
        (error: unknown) => {
          if (attempt === 3) throw error;
        },
      );
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
    while (open.size > 0 && Date.now() - lastAt < (found.length > 0 ? QUIET_MS : JOIN_TIMEOUT_MS))
      await new Promise((resolve) => setTimeout(resolve, 50));
    await consumer.disconnect();
    if (open.size > 0 && found.length === 0) throw new Error("the consumer was given nothing");
    return found.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
  }

  async close(): Promise<void> {
    const ids = [this.id, ...(this.disk ? [this.disk.keeper] : [])];
    await docker("rm", "--force", "--volumes", ...ids).catch(() => undefined);
    if (this.disk) await docker("volume", "rm", this.disk.volume).catch(() => undefined);
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

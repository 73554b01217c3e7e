import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createProgress } from "../../tools/lib/progress";
import { ensureDocker } from "../../tools/setup/docker";
import { ensureImages } from "../../tools/setup/images";

const run = promisify(execFile);

export interface BrokerOptions {
  /** Broker settings beside the usual ones. */
  settings?: Record<string, string>;
  /** Has clients log in: `producer` with this password. */
  password?: string;
  /** Size of a disk of its own for the log. Then Docker starts the broker again whenever it ends by itself. */
  diskMb?: number;
}

/** Runs a command of Docker's, and gives what it prints. */
export async function docker(...args: string[]): Promise<string> {
  return (await run("docker", args)).stdout.trim();
}

/** A small disk in memory, and a container that keeps what is on it while the broker is down. */
export async function createDisk(sizeMb: number): Promise<{ volume: string; keeper: string }> {
  const options = ["type=tmpfs", "device=tmpfs", `o=size=${sizeMb}m`].map((o) => `--opt=${o}`);
  const volume = await docker("volume", "create", ...options);
  const flags = [
    "--detach",
    "--network=none",
    "--user=0",
    `--volume=${volume}:/disk`,
    "--entrypoint=sleep",
  ];
  return { volume, keeper: await docker("run", ...flags, await kafkaImage(), "infinity") };
}

/** A broker that clients reach at `port` of this machine, not yet started. Gives its id. */
export async function createContainer(
  port: number,
  controller: number,
  { settings = {}, password }: BrokerOptions,
  disk: string | undefined,
): Promise<string> {
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
    ...(disk === undefined
      ? []
      : ["--restart=unless-stopped", `--volume=${disk}:/var/lib/kafka/data`]),
  ];
  return docker("create", ...flags, await kafkaImage());
}

async function kafkaImage(): Promise<string> {
  const progress = createProgress();
  const engine = await ensureDocker(progress);
  return (await ensureImages(progress, "local", engine)).kafkaImage;
}

import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import versions from "../../infra/images/versions.json";
import { freePort, stop } from "./stand";

const run = promisify(execFile);
const READY_DEADLINE_MS = 60_000;
const CLUSTER_ID = "5L6g3nShT-eMCtK--X86sw";

export interface Broker {
  address: string;
  close(): Promise<void>;
}

/**
 * A broker of one node: the local image's where there is one, else a Java process with the same jars.
 * @param directory where it keeps its log; made if need be.
 */
export async function startBroker(directory: string): Promise<Broker> {
  mkdirSync(directory, { recursive: true });
  const [port, controllerPort] = await Promise.all([freePort(), freePort()]);
  const properties = brokerProperties(directory, port, controllerPort);
  const image = await localImage("steamline/kafka");
  const broker = image
    ? await startContainer(image, properties)
    : startProcess(directory, properties);
  const address = `127.0.0.1:${port}`;
  try {
    await listening(port);
  } catch (error) {
    await broker.close();
    throw error;
  }
  return { address, close: broker.close };
}

/** Reference of the newest local image of that repository, or undefined where there is none. */
async function localImage(repository: string): Promise<string | undefined> {
  try {
    const { stdout } = await run("docker", ["images", "--format", "{{.ID}}", repository]);
    return stdout.split("\n")[0] || undefined;
  } catch {
    return undefined;
  }
}

async function startContainer(image: string, properties: Record<string, string>) {
  const envs = Object.entries({ ...properties, "log.dirs": "/var/lib/kafka/data" }).flatMap(
    ([key, value]) => ["-e", `KAFKA_${key.toUpperCase().replace(/\./g, "_")}=${value}`],
  );
  const flags = ["-d", "--rm", "--network", "host", "--user", "0", ...envs];
  const { stdout } = await run("docker", ["run", ...flags, image]);
  const id = stdout.trim();
  return {
    close: async () => {
      await run("docker", ["rm", "-f", "-v", id]).catch(() => undefined);
    },
  };
}

function startProcess(directory: string, properties: Record<string, string>) {
  const file = join(directory, "server.properties");
  const text = Object.entries(properties).map(([key, value]) => `${key}=${value}`);
  writeFileSync(file, `${text.join("\n")}\n`);
  const classPath = join(kafkaJars(), "*");
  const format = ["kafka.tools.StorageTool", "format", "--ignore-formatted"];
  execFileSync(
    "java",
    ["-cp", classPath, ...format, "--cluster-id", CLUSTER_ID, "--config", file],
    { stdio: "ignore" },
  );
  const log = openSync(join(directory, "broker.log"), "a");
  const child: ChildProcess = spawn(
    "java",
    ["-Xmx512m", "-XX:+UseSerialGC", "-cp", classPath, "kafka.Kafka", file],
    { stdio: ["ignore", log, log] },
  );
  return { close: () => stop(child, "SIGKILL") };
}

function brokerProperties(directory: string, port: number, controllerPort: number) {
  return {
    "node.id": "1",
    "process.roles": "broker,controller",
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    "log.dirs": join(directory, "log"),
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "3",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "3",
    "group.initial.rebalance.delay.ms": "0",
    "auto.create.topics.enable": "false",
  };
}

/** Folder of the broker's jars, resolved by Maven once for each version and kept outside the checkout. */
function kafkaJars(): string {
  const version = versions.local.kafka;
  const cache = process.env["STEAMLINE_CACHE"] ?? join(homedir(), ".cache", "steamline");
  const folder = join(cache, "test-kafka-jars", version);
  if (existsSync(folder) && readdirSync(folder).length > 0) return folder;
  const pom = join(__dirname, "../../infra/images/kafka/pom.xml");
  execFileSync(
    "mvn",
    [
      "-q",
      "-B",
      "-f",
      pom,
      `-Dkafka.version=${version}`,
      "dependency:copy-dependencies",
      `-DoutputDirectory=${folder}`,
    ],
    { stdio: "inherit" },
  );
  return folder;
}

async function listening(port: number): Promise<void> {
  for (const since = Date.now(); ;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("close", () => resolve(false));
      socket.setTimeout(1_000, () => socket.destroy());
    });
    if (open) return;
    if (Date.now() - since > READY_DEADLINE_MS)
      throw new Error(`no broker answers at port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

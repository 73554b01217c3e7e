import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import type { Connection } from "../../infra/clickhouse/client";
import { startBroker } from "./broker";

const checkout = join(__dirname, "../..");
const PASSWORD = "stand-admin";
const READY_DEADLINE_MS = 60_000;

/** A real broker and a real engine behind its door, without a stack: what tests and measurements run against. */
export interface Stand {
  brokers: string;
  connection: Connection;
  kafka: Kafka;
  createTopic(topic: string, partitions: number): Promise<void>;
  /** Where the engine has its data. */
  dataDir: string;
  /** Ends the engine at once, as a power cut would, and opens it again on the same data. */
  killEngine(): Promise<void>;
  close(): Promise<void>;
}

/** Starts both on ports of their own. Everything they write goes when the stand is closed. */
export async function startStand(): Promise<Stand> {
  const directory = mkdtempSync(join(tmpdir(), "steamline-stand-"));
  const [broker, httpPort] = await Promise.all([startBroker(join(directory, "kafka")), freePort()]);
  let door = startDoor(directory, httpPort);
  const url = `http://127.0.0.1:${httpPort}`;
  const close = async () => {
    await stop(door, "SIGTERM");
    await broker.close();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await ready(url);
  } catch (error) {
    await close();
    throw error;
  }
  const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING });
  return {
    brokers: broker.address,
    connection: { url, username: "admin", password: PASSWORD, database: "default" },
    kafka,
    createTopic: async (topic, partitions) => {
      const admin = kafka.admin();
      await admin.connect();
      await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] });
      await admin.disconnect();
    },
    dataDir: join(directory, "data"),
    killEngine: async () => {
      await stop(door, "SIGKILL");
      door = startDoor(directory, httpPort);
      await ready(url);
    },
    close,
  };
}

function startDoor(directory: string, port: number): ChildProcess {
  const runDir = join(directory, "run");
  mkdirSync(runDir, { recursive: true });
  const accounts = join(directory, "accounts.json");
  const passwordSha256 = createHash("sha256").update(PASSWORD).digest("hex");
  writeFileSync(
    accounts,
    JSON.stringify({
      accounts: [{ name: "admin", passwordSha256, profile: "admin" }],
      readerGrants: [],
    }),
  );
  const log = openSync(join(directory, "door.log"), "a");
  return spawn(
    process.execPath,
    ["--require", "tsx/cjs", join(checkout, "infra/images/clickhouse/door/main.ts")],
    {
      cwd: checkout,
      stdio: ["ignore", log, log],
      env: {
        ...process.env,
        TZ: "UTC",
        DOOR_DATA_DIR: join(directory, "data"),
        DOOR_RUN_DIR: runDir,
        DOOR_PORT: String(port),
        DOOR_ACCOUNTS: accounts,
      },
    },
  );
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Ends a process and waits until it has. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
}

async function ready(url: string): Promise<void> {
  for (const since = Date.now(); ;) {
    const answer = await fetch(`${url}/ping`).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() - since > READY_DEADLINE_MS) throw new Error(`no engine answers at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

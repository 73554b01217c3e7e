import "./threads";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { readAccounts } from "./accounts";
import { Engine } from "./engine";
import { EngineLog } from "./engine-log";
import { answerQuery, killAll } from "./handler";
import { QueryLog } from "./query-log";
import { Revival } from "./revival";
import { DoorServer } from "./server";
import { Sessions } from "./sessions";
import { createTextLog } from "./text-log";

const env = (name: string, otherwise: string) => process.env[name] ?? otherwise;
const dataDir = env("DOOR_DATA_DIR", "/var/lib/clickhouse");
const runDir = env("DOOR_RUN_DIR", "/var/log/clickhouse");
const port = Number(env("DOOR_PORT", "8123"));
/** How Kafka is reached where it wants TLS or a log-in, which the embedded engine's client has not been built with. */
const kafkaPath = env("DOOR_KAFKA", "/etc/steamline/kafka.json");
const relayPort = Number(env("DOOR_KAFKA_PORT", "29092"));
const accountsPath = env("DOOR_ACCOUNTS", "/etc/steamline/accounts.json");
const spoolDir = join(runDir, "spool");

/** Share of the container's memory that the engine may take; the rest is for the door. */
const ENGINE_SHARE = 0.8;
/** Docker kills after ten seconds: queries get the first part of that, their stopping and the engine the rest. */
const QUERIES_DEADLINE_MS = 5_500;
const KILLED_DEADLINE_MS = 1_000;
const CLOSE_DEADLINE_MS = 1_500;
const LOOK_EVERY_MS = 20;

function memoryLimitBytes(): number {
  for (const file of ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]) {
    try {
      const limit = Number(readFileSync(file, "utf8"));
      if (limit > 0 && limit < 2 ** 50) return limit;
    } catch {
      // The other version of cgroups, or none.
    }
  }
  return 4 * 2 ** 30;
}

function say(msg: string, more: object): void {
  console.log(JSON.stringify({ msg, ...more }));
}

/** On a thread of its own, so that what is read from Kafka and what is answered here do not wait for one another. */
function startRelay(): void {
  const options = { workerData: { accessPath: kafkaPath, port: relayPort } };
  const relay = new Worker(join(__dirname, "relay.js"), options);
  relay.unref();
  relay.once("error", (error) => {
    console.error(`The relay to Kafka failed: ${error.message}`);
    process.exit(1);
  });
}

function start(): void {
  if (existsSync(kafkaPath)) startRelay();
  rmSync(spoolDir, { recursive: true, force: true });
  mkdirSync(spoolDir, { recursive: true });
  const accounts = readAccounts(accountsPath);
  const maxMemoryBytes = Math.floor(memoryLimitBytes() * ENGINE_SHARE);
  const engine = new Engine({ dataDir, runDir, accounts, maxMemoryBytes });
  const internal = engine.open();
  createTextLog(internal, engine.logFile);
  const engineLog = new EngineLog(engine.logFile);
  const queryLog = new QueryLog(internal, engineLog);
  const revival = new Revival(engine.open(), (table) => say("consumer made anew", { table }));
  const sessions = new Sessions(() => engine.open());
  const facts = { version: engine.version, timezone: engine.timezone };
  const parts = { engine, engineLog, accounts, sessions, queryLog, facts, spoolDir };
  const server = new DoorServer((request, response) => answerQuery(parts, request, response));
  server.listen(port, () => say("ready", { port, dataDir, version: engine.version }));

  const idle = async (deadlineMs: number) => {
    const until = Date.now() + deadlineMs;
    while (server.active > 0 && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  };
  const stop = async (signal: string) => {
    say("stopping", { signal, active: server.active });
    server.stop();
    await idle(QUERIES_DEADLINE_MS);
    if (server.active > 0) await killAll(engine);
    await idle(KILLED_DEADLINE_MS);
    queryLog.close();
    revival.close();
    exitAfter(CLOSE_DEADLINE_MS);
    sessions.closeAll();
    internal.close();
    engine.close();
    say("stopped", { active: server.active });
    process.exit(0);
  };
  process.once("SIGTERM", (signal) => void stop(signal));
  process.once("SIGINT", (signal) => void stop(signal));
}

/**
 * Ends the process from another thread: closing the engine blocks this one, and has been seen to hang with
 * Kafka tables of a dead broker. What was acknowledged is on disk.
 */
function exitAfter(ms: number): void {
  const code = `setTimeout(() => process.kill(process.pid, "SIGKILL"), ${ms})`;
  new Worker(code, { eval: true }).unref();
}

try {
  start();
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  const hint = /Code: 76\b/.test(text) ? ` Another process has ${dataDir} open.` : "";
  console.error(`The door cannot open: ${text}.${hint}`);
  process.exit(1);
}

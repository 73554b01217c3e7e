import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { readAccounts } from "./accounts";
import { Engine } from "./engine";
import { answerQuery } from "./handler";
import { QueryLog } from "./query-log";
import { Sessions } from "./sessions";
import { createTextLog } from "./text-log";

const env = (name: string, otherwise: string) => process.env[name] ?? otherwise;
const dataDir = env("DOOR_DATA_DIR", "/var/lib/clickhouse");
const runDir = env("DOOR_RUN_DIR", "/var/log/clickhouse");
const port = Number(env("DOOR_PORT", "8123"));
const accountsPath = env("DOOR_ACCOUNTS", "/etc/steamline/accounts.json");
const spoolDir = join(runDir, "spool");

/** Share of the container's memory that the engine may take; the rest is for the door. */
const ENGINE_SHARE = 0.8;
/** Queries and parameters in URLs may be long: the official server's limit is 1 MiB. */
const MAX_URL_BYTES = 1_200_000;
/** Docker kills after ten seconds. */
const STOP_DEADLINE_MS = 8_000;
const CLOSE_DEADLINE_MS = 1_500;

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

function start(): void {
  rmSync(spoolDir, { recursive: true, force: true });
  mkdirSync(spoolDir, { recursive: true });
  const accounts = readAccounts(accountsPath);
  const maxMemoryBytes = Math.floor(memoryLimitBytes() * ENGINE_SHARE);
  const engine = new Engine({ dataDir, runDir, accounts, maxMemoryBytes });
  const internal = engine.open();
  createTextLog(internal, engine.logFile);
  const queryLog = new QueryLog(internal);
  const sessions = new Sessions(() => engine.open());
  const parts = { engine, accounts, sessions, queryLog, spoolDir };

  let active = 0;
  const server = createServer({ maxHeaderSize: MAX_URL_BYTES }, (request, response) => {
    const path = request.url?.split("?")[0];
    if (
      path === "/ping" ||
      path === "/replicas_status" ||
      (path === "/" && request.url === "/" && request.method === "GET")
    ) {
      response.end("Ok.\n");
      return;
    }
    active++;
    void answerQuery(parts, request, response).finally(() => active--);
  });
  server.keepAliveTimeout = 10_000;
  server.listen(port, "0.0.0.0", () =>
    console.log(JSON.stringify({ msg: "ready", port, dataDir })),
  );

  const stop = (signal: string) => {
    console.log(JSON.stringify({ msg: "stopping", signal, active }));
    server.close();
    server.closeIdleConnections();
    const since = Date.now();
    const wait = setInterval(() => {
      if (active > 0 && Date.now() - since < STOP_DEADLINE_MS) return;
      clearInterval(wait);
      queryLog.close();
      // Closing has been seen to hang with Kafka tables of a dead broker. What was acknowledged is on disk.
      setTimeout(() => process.exit(0), CLOSE_DEADLINE_MS).unref();
      setImmediate(() => {
        sessions.closeAll();
        internal.close();
        engine.close();
        process.exit(0);
      });
    }, 20);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

try {
  start();
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  const hint = /Code: 76\b/.test(text) ? ` Another process has ${dataDir} open.` : "";
  console.error(`The door cannot open: ${text}.${hint}`);
  process.exit(1);
}

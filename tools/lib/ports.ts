import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { engineOf } from "../../infra/engine-config";
import { brokerPorts, MOST_BROKERS, stackPorts } from "../../infra/names";
import { listContainers, type DockerContainer } from "./docker";
import type { StackFile } from "./merged-config";
import type { Session } from "./session";
import { configValue } from "./stack-config";
import { UserError } from "./user-error";

/** Loopback ports that the stack will publish, by config key. */
export function wantedPorts(stack: string, content: StackFile): Map<string, number> {
  const value = (key: string) => configValue(content, key);
  const own = stackPorts(stack);
  const port = (key: string, fallback: number) => Number(value(key)) || fallback;
  const hasClickhouse = !value("clickhouseExternal");
  const engine = engineOf({
    clickhouseEngine: value("clickhouseEngine"),
    imageSource: value("imageSource"),
  });
  const grafana =
    value("grafana") !== "false" &&
    !(value("imageSource") === "local" && value("grafanaImage") === "");
  const [, ...further] = brokerPorts(
    port("kafkaPort", own.kafka),
    Math.min(Number(value("brokers")) || 1, MOST_BROKERS),
  );
  const brokers = [
    ["kafkaPort", port("kafkaPort", own.kafka)] as const,
    ...further.map((of, index) => [`broker ${index + 2}, by kafkaPort`, of] as const),
  ];
  return new Map([
    ...(value("kafkaExternal") ? [] : brokers),
    ...(hasClickhouse ? [["clickhousePort", port("clickhousePort", own.clickhouse)] as const] : []),
    ["producerPort", port("producerPort", own.producer)],
    ...(hasClickhouse && engine === "server"
      ? [["clickhouseNativePort", port("clickhouseNativePort", own.clickhouseNative)] as const]
      : []),
    ...(grafana ? [["grafanaPort", port("grafanaPort", own.grafana)] as const] : []),
  ]);
}

/**
 * Finds out whether the stack's ports can be had, before anything is made. The engine's containers are
 * listed where they are not `known`.
 * @throws UserError (PORT_IN_USE) naming each port that is taken, and by whom.
 */
export async function checkPorts(
  session: Pick<Session, "stack" | "env">,
  content: StackFile,
  known?: readonly DockerContainer[],
): Promise<void> {
  const containers = known ?? (await listContainers(session.env));
  const own = new Set(containers.filter((c) => c.stack === session.stack).flatMap((c) => c.ports));
  const taken: { key: string; port: number }[] = [];
  for (const [key, port] of wantedPorts(session.stack, content)) {
    if (!own.has(port) && port > 0 && port < 65_536 && !(await isFree(port)))
      taken.push({ key, port });
  }
  const first = taken[0];
  if (!first) return;
  const told = taken.map(({ key, port }) => {
    const container = containers.find((c) => c.state === "running" && c.ports.includes(port));
    return `port ${port} (${key}) is in use by ${container ? named(container) : holderOf(port)}`;
  });
  throw new UserError("PORT_IN_USE", told.join("; "), {
    where: `the stack ${session.stack}, on loopback of this machine`,
    fix: `stop it, or take another port: npm run pulumi -- config set ${first.key} ${first.port + 10_000} --stack ${session.stack}`,
  });
}

/** A container in words. */
export function named({ name, stack }: DockerContainer): string {
  return `the container ${name}${stack === undefined ? "" : ` of the stack ${stack}`}`;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "EADDRINUSE"));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** Inode of the socket that listens on `port`, by the text of /proc/net/tcp or tcp6. */
export function listeningInode(table: string, port: number): string | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  for (const line of table.split("\n")) {
    const fields = line.trim().split(/\s+/);
    if (fields[3] === "0A" && fields[1]?.endsWith(`:${hex}`)) return fields[9];
  }
  return undefined;
}

/** The process that listens on `port`, for people. */
function holderOf(port: number): string {
  const inode = ["/proc/net/tcp", "/proc/net/tcp6"]
    .map((file) => listeningInode(read(file), port))
    .find((found) => found !== undefined);
  const pid = inode === undefined ? undefined : processWithSocket(inode);
  if (pid === undefined) return "another program (whose name only root may see)";
  return `${read(`/proc/${pid}/comm`).trim()} (process ${pid})`;
}

function processWithSocket(inode: string): string | undefined {
  const pids = list("/proc").filter((name) => /^\d+$/.test(name));
  return pids.find((pid) =>
    list(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`),
  );
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}

import { PROTOCOLS, securitySettings, type Protocol } from "./broker-security";
import type { NodeAddress } from "./node-address";

/** Where containers of the stack reach the first broker; the others are `kafka-2` and so on. */
export const INTERNAL = { host: "kafka", port: 29092 };
/** The port that `localhost` means to whoever runs a Kafka command inside a container. */
export const LOCAL_PORT = 9092;
export const DATA_DIR = "/var/lib/kafka/data";
export const CONTROLLER_PORT = 9093;
/** Where a node whose clients have to prove who they are tells a health check that it answers. */
export const PROBE_PORT = 9091;
/** The port of a node of several, inside its container, that is published on the host: 9092 is the other nodes' way. */
const PUBLISHED_PORT = 19092;
/** Identity of the KRaft cluster. Fixed, so that a new container takes up the volume of the old one. */
const CLUSTER_ID = "c3RlYW1saW5lLWtyYWZ0LQ";
/** Replicas beyond this are of no more use to what Kafka keeps for itself. */
const INTERNAL_REPLICAS = 3;

/** What a name is called on a node: the first has it as it is, as on a stack of one broker. */
export function nodeName(name: string, node: number): string {
  return node === 1 ? name : `${name}-${node}`;
}

/**
 * Nodes that vote on the cluster's metadata, the first ones: three, or one where there are fewer than three brokers,
 * as two that vote can spare neither.
 */
export function controllersOf(brokers: number): number {
  return brokers < 3 ? 1 : 3;
}

/** Brokers for containers of the stack, as `host:port,host:port`. */
export function internalServers(brokers: number): string {
  return nodes(brokers)
    .map((node) => `${nodeName(INTERNAL.host, node)}:${INTERNAL.port}`)
    .join(",");
}

/** Numbers of a cluster's nodes, from 1. */
export function nodes(brokers: number): number[] {
  return Array.from({ length: brokers }, (_, index) => index + 1);
}

/** The port inside a node's container that the host's `port` leads to. */
export function publishedPort({
  brokers = 1,
  port,
  secured = false,
}: Pick<NodeArgs, "brokers" | "port" | "secured">): number {
  return brokers === 1 && !secured ? port : PUBLISHED_PORT;
}

export interface NodeArgs {
  /** From 1. @default 1 */
  node?: number;
  /** Brokers of the cluster. @default 1 */
  brokers?: number;
  /** Of the host, on which programs there reach this node. */
  port: number;
  memoryMb: number;
  /** Whether clients have to prove who they are, and all that is sent is encrypted. @default false */
  secured?: boolean;
  /**
   * Of all nodes, where they are on several hosts, with security.
   * @default one host, on whose network the nodes and the other containers find each other by name
   */
  addresses?: readonly NodeAddress[];
}

/** Environment of a broker's container, as `NAME=value`. */
export function brokerEnvironment(args: NodeArgs): string[] {
  const { node = 1, brokers = 1, memoryMb, secured = false } = args;
  const controllers = controllersOf(brokers);
  const isController = node <= controllers;
  const published = publishedPort(args);
  const found = advertisedBy(args);
  const listeners: [name: string, bind: string, advertised: string][] = [
    ["INTERNAL", `:${INTERNAL.port}`, found.internal],
    ["EXTERNAL", `:${published}`, found.external],
  ];
  // Commands run inside a container say localhost:9092, whichever port the host sees, and then have to find all nodes.
  if (published !== LOCAL_PORT) listeners.push(["LOCAL", `:${LOCAL_PORT}`, found.local]);
  if (secured) listeners.push(["PROBE", `127.0.0.1:${PROBE_PORT}`, `127.0.0.1:${PROBE_PORT}`]);
  const names = [...listeners.map(([listener]) => listener), "CONTROLLER"];
  const protocol = (name: string): Protocol => (secured && PROTOCOLS[name]) || "PLAINTEXT";
  const replicas = Math.min(brokers, INTERNAL_REPLICAS);
  const address = args.addresses?.[node - 1];
  const settings: Record<string, string | number> = {
    CLUSTER_ID,
    KAFKA_HEAP_OPTS: `-Xms${Math.floor(memoryMb / 4)}m -Xmx${Math.floor(memoryMb / 2)}m`,
    KAFKA_NODE_ID: node,
    KAFKA_PROCESS_ROLES: isController ? "broker,controller" : "broker",
    KAFKA_CONTROLLER_QUORUM_VOTERS: nodes(controllers)
      .map((one) => `${one}@${voter(args, one)}`)
      .join(","),
    KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
    KAFKA_INTER_BROKER_LISTENER_NAME: secured ? "LOCAL" : "INTERNAL",
    KAFKA_LISTENERS: [
      ...listeners.map(([n, bind]) => `${n}://${bind}`),
      ...(isController ? [`CONTROLLER://:${CONTROLLER_PORT}`] : []),
    ].join(","),
    KAFKA_ADVERTISED_LISTENERS: listeners
      .map(([n, , advertised]) => `${n}://${advertised}`)
      .join(","),
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: names.map((n) => `${n}:${protocol(n)}`).join(","),
    KAFKA_LOG_DIRS: DATA_DIR,
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: replicas,
    // A stack has a handful of groups: fifty partitions would only slow a broker's start.
    KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: 3,
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: replicas,
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: minInsyncReplicas(replicas),
    KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: 3,
    // A group's first member need not wait for others that a stack like this never has.
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: 0,
    // A broker that was killed is let in again only once its former session ended, by default after 9 s.
    KAFKA_BROKER_SESSION_TIMEOUT_MS: 3000,
    KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: 1000,
    // A broker that hands nothing over to others says for a moment, as it goes, that the cluster has none. Kafka's client
    // for C, which ClickHouse has, then forgets where it was, for good (librdkafka, issue 5301).
    ...(brokers === 1 ? { KAFKA_CONTROLLED_SHUTDOWN_ENABLE: "false" } : {}),
    ...(secured ? securitySettings() : {}),
    // Replicas of a partition are spread over hosts first, so that one of them may fail with all that is on it.
    ...(address ? { KAFKA_BROKER_RACK: address.host } : {}),
  };
  return Object.entries(settings).map(([key, value]) => `${key}=${value}`);
}

/** Where a node says that its listeners are found, as `host:port`. */
function advertisedBy({ node = 1, brokers = 1, port, addresses }: NodeArgs) {
  const address = addresses?.[node - 1];
  if (address) {
    const external = `${address.host}:${address.external}`;
    // Both ask for a certificate, so that one published port is enough for them.
    return { internal: `${address.host}:${address.internal}`, external, local: external };
  }
  const host = nodeName(INTERNAL.host, node);
  return {
    internal: `${host}:${INTERNAL.port}`,
    external: `localhost:${port}`,
    local: `${brokers === 1 ? "localhost" : host}:${LOCAL_PORT}`,
  };
}

/** Where the node `one`, which votes, is found by the node of `args`. */
function voter({ node = 1, brokers = 1, addresses }: NodeArgs, one: number): string {
  if (controllersOf(brokers) === 1 && node === one) return `localhost:${CONTROLLER_PORT}`;
  const address = addresses?.[one - 1];
  return address
    ? `${address.host}:${address.controller}`
    : `${nodeName(INTERNAL.host, one)}:${CONTROLLER_PORT}`;
}

/** Replicas that have to have a record before it counts as stored: all but one, so that one broker may be away. */
export function minInsyncReplicas(replicationFactor: number): number {
  return replicationFactor < 3 ? 1 : replicationFactor - 1;
}

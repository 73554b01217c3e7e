import { createHash } from "node:crypto";

/** The stack that carries the plain names: `kafka`, `steam_top_games_topic`, port 9092 and so on. */
const PLAIN_STACK = "dev";

/** Most brokers of a stack: as many have a port in its block of ten. */
export const MOST_BROKERS = 6;

/** Loopback ports of a stack's brokers: the first one's, and for the others those behind what else a stack publishes. */
export function brokerPorts(first: number, brokers: number): number[] {
  return Array.from({ length: brokers }, (_, index) => (index === 0 ? first : first + 4 + index));
}

/** Loopback ports that a stack publishes. */
export interface StackPorts {
  kafka: number;
  clickhouse: number;
  clickhouseNative: number;
  grafana: number;
  producer: number;
}

/** The names under which one stack's parts live on a machine that may hold several stacks. */
export interface StackNames {
  stack: string;
  network: string;
  containers: {
    kafka: string;
    clickhouse: string;
    grafana: string;
    producer: string;
    simulator: string;
  };
  volumes: {
    kafka: string;
    clickhouse: string;
    grafana: string;
    producerSpool: string;
  };
  topics: { topGames: string; gameDetails: string };
  groups: { topGames: string; gameDetails: string };
}

/** Name of a topic or a consumer group that is `name` on the dev stack. */
export function kafkaName(stack: string, name: string): string {
  return stack === PLAIN_STACK ? name : `${stack}_${name}`;
}

/** Names of every part of `stack`. All but `dev` prefix what would collide with another stack. */
export function stackNames(stack: string): StackNames {
  const plain = stack === PLAIN_STACK;
  const container = (name: string) => (plain ? name : `${stack}-${name}`);
  const owned = (name: string) => `steamline-${stack}-${name}`;
  return {
    stack,
    network: `steamline-${stack}`,
    containers: {
      kafka: container("kafka"),
      clickhouse: container("clickhouse-server"),
      grafana: container("grafana"),
      producer: container("steam-producer"),
      simulator: container("steam-simulator"),
    },
    volumes: {
      kafka: owned("kafka"),
      clickhouse: owned("clickhouse"),
      grafana: owned("grafana"),
      producerSpool: owned("producer-spool"),
    },
    topics: {
      topGames: kafkaName(stack, "steam_top_games_topic"),
      gameDetails: kafkaName(stack, "steam_game_details_topic"),
    },
    groups: {
      topGames: kafkaName(stack, "clickhouse_steam_top_games_consumer"),
      gameDetails: kafkaName(stack, "clickhouse_steam_game_details_consumer"),
    },
  };
}

/** What of a stack's parts it makes itself: nothing of those that are external. */
export function madeParts(
  parts: Readonly<Record<string, string>>,
  external: Readonly<Record<"kafka" | "clickhouse", unknown>>,
): Record<string, string> {
  const foreign = Object.entries(external).flatMap(([part, where]) => (where ? [part] : []));
  return Object.fromEntries(Object.entries(parts).filter(([part]) => !foreign.includes(part)));
}

/** Ports that a stack has for itself. */
const BLOCK_SIZE = 10;
const BLOCKS = 1000;

/**
 * The ports a stack takes when its config names none. `dev` takes each service's usual port. `pr-N` takes the
 * block of ten at 10000 + 10 N, so that no two open pull requests within a thousand share one. Any other stack
 * takes a block between 20000 and 29999, chosen by its name, so that it is the same everywhere.
 */
export function stackPorts(stack: string): StackPorts {
  if (stack === PLAIN_STACK) {
    return { kafka: 9092, clickhouse: 8123, clickhouseNative: 9000, grafana: 3000, producer: 9464 };
  }
  const base = firstPort(stack);
  return {
    kafka: base,
    clickhouse: base + 1,
    clickhouseNative: base + 2,
    grafana: base + 3,
    producer: base + 4,
  };
}

function firstPort(stack: string): number {
  const pullRequest = /^pr-(\d+)$/.exec(stack)?.[1];
  if (pullRequest !== undefined) return 10_000 + (Number(pullRequest) % BLOCKS) * BLOCK_SIZE;
  const hash = createHash("sha256").update(stack).digest().readUInt32BE(0);
  return 20_000 + (hash % BLOCKS) * BLOCK_SIZE;
}

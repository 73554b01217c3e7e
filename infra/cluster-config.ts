import type { ClusterSize } from "./clickhouse/cluster";
import { engineOf } from "./engine-config";

interface Sizes {
  clickhouseShards: number;
  clickhouseReplicas: number;
}

/** How many servers ClickHouse is to have; undefined where that is one. */
export function clusterOf({
  clickhouseShards,
  clickhouseReplicas,
}: Sizes): ClusterSize | undefined {
  return clickhouseShards * clickhouseReplicas === 1
    ? undefined
    : { shards: clickhouseShards, replicas: clickhouseReplicas };
}

interface Read extends Partial<Sizes> {
  imageSource?: string;
  clickhouseEngine?: string;
  partitions?: number;
  offsetResets?: string;
  clickhouseExternal?: string;
}

/** What of a cluster's config does not fit together. */
export function clusterFaults(read: Read): string[] {
  const { clickhouseShards: shards = 1, clickhouseReplicas: replicas = 1 } = read;
  const size = clusterOf({ clickhouseShards: shards, clickhouseReplicas: replicas });
  if (!size) return [];
  const asked = (["clickhouseShards", "clickhouseReplicas"] as const)
    .filter((key) => (read[key] ?? 1) > 1)
    .map((key) => `${key}: ${read[key]}`)
    .join(" and ");
  if (read.clickhouseExternal)
    return [
      `${asked}: no servers are made beside clickhouseExternal, whose owner says how many there are. Allowed: 1 each.`,
    ];
  const faults: string[] = [];
  if (engineOf(read) === "embedded")
    faults.push(
      `${asked} needs the official server: the embedded engine is one process, which no other can reach to replicate from it or to ask it for its shard. Allowed: 1 each, or clickhouseEngine server, which needs imageSource registry.`,
    );
  const servers = shards * replicas;
  if (read.partitions !== undefined && read.partitions < servers)
    faults.push(
      `partitions: ${read.partitions} are too few for ${servers} servers of ClickHouse (clickhouseShards ${shards} times clickhouseReplicas ${replicas}), each of which reads its share of every topic: some would have nothing to read. Allowed: ${servers} or more.`,
    );
  if (read.offsetResets)
    faults.push(
      "offsetResets: a reset pauses the one server that reads, and a cluster has several. Allowed: empty, or clickhouseShards and clickhouseReplicas 1.",
    );
  return faults;
}

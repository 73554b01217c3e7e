/** How many servers ClickHouse has: `shards` times `replicas`. */
export interface ClusterSize {
  /** Parts that rows are spread over. */
  shards: number;
  /** Servers that each part is on. */
  replicas: number;
}

/** Where a server stands in it, both from 1. */
export interface Place {
  shard: number;
  replica: number;
}

/** What the servers call the cluster. */
export const CLUSTER = "steamline";

/**
 * Database of what a server holds of its shard: tables with rows, and views that read those. In the stack's database
 * a Distributed table of the same name leads to all shards.
 */
export const SHARD_DATABASE = "steamline_shard";

/** What a table is called on its shard. */
export function onShard(name: string): string {
  return `${SHARD_DATABASE}.${name}`;
}

/** What its file is called after: the name without the shard's database. */
export function fileName(name: string): string {
  return isOnShard(name) ? name.slice(SHARD_DATABASE.length + 1) : name;
}

export function isOnShard(name: string): boolean {
  return name.startsWith(`${SHARD_DATABASE}.`);
}

/** Every server's place, shard by shard. */
export function placesOf({ shards, replicas }: ClusterSize): Place[] {
  return Array.from({ length: shards * replicas }, (_, index) => ({
    shard: Math.floor(index / replicas) + 1,
    replica: (index % replicas) + 1,
  }));
}

/**
 * What a name is called at a place: the first server has it as it is, as on a stack of one. The others have both their
 * numbers, so that none changes its place, and with it its volume, when shards or replicas are added.
 */
export function placedName(name: string, { shard, replica }: Place): string {
  return shard === 1 && replica === 1 ? name : `${name}-${shard}-${replica}`;
}

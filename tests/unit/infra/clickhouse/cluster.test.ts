import { describe, expect, it } from "vitest";
import {
  fileName,
  isOnShard,
  onShard,
  placedName,
  placesOf,
} from "../../../../infra/clickhouse/cluster";

const names = (shards: number, replicas: number) =>
  placesOf({ shards, replicas }).map((place) => placedName("clickhouse", place));

describe("servers of a cluster", () => {
  it("are named by shard and replica, the first as on a stack of one", () => {
    expect(names(1, 1)).toEqual(["clickhouse"]);
    expect(names(2, 2)).toEqual([
      "clickhouse",
      "clickhouse-1-2",
      "clickhouse-2-1",
      "clickhouse-2-2",
    ]);
  });

  it("keep their names, and with them their volumes, when others come", () => {
    for (const [shards, replicas] of [
      [3, 2],
      [2, 3],
      [8, 4],
    ] as const)
      expect(names(shards, replicas)).toEqual(expect.arrayContaining(names(2, 2)));
  });

  it("have their tables in a database of their own", () => {
    expect(onShard("t")).toBe("steamline_shard.t");
    expect([isOnShard("t"), isOnShard(onShard("t"))]).toEqual([false, true]);
    expect([fileName("t"), fileName(onShard("t"))]).toEqual(["t", "t"]);
  });
});

import { describe, expect, it } from "vitest";
import { clusterFaults, clusterOf } from "../../../infra/cluster-config";

const official = { imageSource: "registry", clickhouseEngine: "", partitions: 4 };
const two = { clickhouseShards: 2, clickhouseReplicas: 2 };

describe("a cluster's config", () => {
  it("is none with one shard of one replica, and takes the rest as it is", () => {
    expect(clusterOf({ clickhouseShards: 1, clickhouseReplicas: 1 })).toBeUndefined();
    expect(clusterFaults({ imageSource: "local", partitions: 1, clickhouseShards: 1, clickhouseReplicas: 1 })).toEqual([]); // prettier-ignore
    expect(clusterOf({ clickhouseShards: 1, clickhouseReplicas: 2 })).toEqual({ shards: 1, replicas: 2 }); // prettier-ignore
  });

  it("is taken on the official server with a partition for each server", () => {
    expect(clusterFaults({ ...official, ...two })).toEqual([]);
  });

  it("is refused on the embedded engine, chosen or followed, with the reason", () => {
    const reason =
      /^clickhouseShards: 2 and clickhouseReplicas: 2 needs the official server: the embedded engine is one process, which no other can reach/;
    expect(clusterFaults({ ...official, ...two, imageSource: "local" })).toEqual([expect.stringMatching(reason)]); // prettier-ignore
    expect(clusterFaults({ ...official, ...two, clickhouseEngine: "embedded" })).toEqual([expect.stringMatching(reason)]); // prettier-ignore
  });

  it("is refused where a server would have no partition to read", () => {
    expect(clusterFaults({ ...official, ...two, partitions: 3 })).toEqual([
      expect.stringMatching(/^partitions: 3 are too few for 4 servers .* Allowed: 4 or more\.$/),
    ]);
  });

  it("is refused with resets of offsets, which it does not carry out", () => {
    expect(clusterFaults({ ...official, ...two, offsetResets: "a t earliest" })).toEqual([
      expect.stringMatching(/^offsetResets: /),
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { asked, refuseOnCluster } from "../../../../tools/lib/cluster";
import type { Outputs } from "../../../../tools/lib/outputs";
import { sampleOutputs } from "./sample-outputs";

const cluster: Outputs = { ...sampleOutputs, clickhouseCluster: { shards: 2, replicas: 2 } };

describe("a command that is made for one server", () => {
  it("is refused on a cluster, with the reason, before anything is changed", () => {
    expect(() => refuseOnCluster(cluster, "back-up", "it reads one", "do that")).toThrow(
      "back-up is not there for a cluster: it reads one; nothing was changed",
    );
    expect(() =>
      refuseOnCluster(sampleOutputs, "back-up", "it reads one", "do that"),
    ).not.toThrow();
  });
});

describe("a question about what a server tells of itself", () => {
  const sql = "SELECT count() FROM system.kafka_consumers";

  it("goes to all servers where there are several, and else stays as it is", () => {
    expect(asked(sampleOutputs, sql)).toBe(sql);
    expect(asked(cluster, sql)).toContain("clusterAllReplicas");
  });
});

import { describe, expect, it } from "vitest";
import { overServers } from "../../../../infra/clickhouse/over-servers";

describe("a query over the servers of a cluster", () => {
  it("asks one of each shard for what its replicas hold alike", () => {
    expect(
      overServers("SELECT sum(rows) FROM system.parts WHERE database = currentDatabase()"),
    ).toBe(
      "SELECT sum(rows) FROM cluster('steamline', system.parts) WHERE database = 'steamline_shard'",
    );
  });

  it("asks all of them for what each does by itself", () => {
    expect(
      overServers("SELECT table FROM system.kafka_consumers WHERE database = currentDatabase()"),
    ).toBe(
      "SELECT table FROM clusterAllReplicas('steamline', system.kafka_consumers) WHERE database = 'default'",
    );
    expect(overServers("SELECT * FROM system.merges WHERE database = currentDatabase()")).toContain(
      "database = 'steamline_shard'",
    );
  });

  it("leaves alone what is the same everywhere, other tables, and texts", () => {
    for (const sql of [
      "SELECT name FROM system.tables WHERE database = currentDatabase()",
      "SELECT 'FROM system.parts' FROM steam_top_games -- system.parts",
      "SELECT parts FROM t",
    ])
      expect(overServers(sql)).toBe(sql);
  });
});

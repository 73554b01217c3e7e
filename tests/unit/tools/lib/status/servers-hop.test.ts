import { describe, expect, it } from "vitest";
import { evaluate } from "../../../../../tools/lib/status/evaluate";
import type { Servers } from "../../../../../tools/lib/status/observation";
import { observations, seen, unseen } from "./observations";

const size = { shards: 1, replicas: 2 };
const hop = (found: Servers["found"]) =>
  evaluate(observations({ servers: { size, found } })).hops.find(({ name }) =>
    /servers/.test(name),
  );

describe("the servers of a cluster", () => {
  it("have no line where ClickHouse is one", () => {
    expect(evaluate(observations()).hops.some(({ name }) => /servers/.test(name))).toBe(false);
  });

  it("are healthy where all answer and have every row", () => {
    const found = seen({ answering: ["clickhouse", "clickhouse-1-2"], behind: [] });
    expect(hop(found)).toMatchObject({
      healthy: true,
      detail: "all 2 answer and have every row of their shard",
    });
  });

  it("are told of where one does not answer, and what brings it back", () => {
    expect(hop(seen({ answering: ["clickhouse"], behind: [] }))).toMatchObject({
      healthy: false,
      detail: "clickhouse-1-2 of 2 does not answer",
      fix: "npm run up -- --refresh --stack dev",
    });
  });

  it("are told of where one lacks rows, with its tables and where to look", () => {
    const behind = ["a", "b"].map((name) => ({ host: "clickhouse-1-2", name }));
    expect(hop(seen({ answering: ["clickhouse", "clickhouse-1-2"], behind }))).toMatchObject({
      healthy: false,
      detail: "clickhouse-1-2 lacks rows of a and 1 more",
      fix: "if it does not catch up: docker logs clickhouse-server-1-2",
    });
    expect(hop(unseen("ECONNREFUSED"))).toMatchObject({ healthy: false });
  });
});

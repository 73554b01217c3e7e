import { describe, expect, it } from "vitest";
import { withClient } from "../../../../infra/clickhouse/client";
import { costWords } from "../../../../infra/clickhouse/costs";
import { note } from "../../../../infra/clickhouse/ledger";
import type { ObjectPlan } from "../../../../infra/clickhouse/plan-object";
import { heldRows } from "../../../../infra/clickhouse/remove";
import { weighed } from "../../../../infra/clickhouse/table-plan";
import { fakeClickHouse } from "../fake-clickhouse";

const table = { name: "steamline_shard.t", kind: "table" } as const;
const plan = {
  changes: [{ text: "- column a", destroys: "column a", lossQuery: "SELECT count() FROM {table}" }],
  renames: [],
  actions: [],
  follow: [],
  beyondAlter: [],
  destroys: ["column a"],
};

/** What a warehouse of that engine is asked, beside what it is. */
async function askedOf(engine: string, work: Parameters<typeof withClient>[1]) {
  const { connection, asked } = await fakeClickHouse(
    (sql) =>
    sql.includes("system.databases") ? [{ engine }] : [{ n: "7", rows: "7", size: "1 B", bytes: "1 B" }], // prettier-ignore
  );
  await withClient(connection, work);
  return asked.filter((sql) => !sql.includes("system.databases"));
}

describe("what a change of a cluster costs and loses", () => {
  it("is counted over all shards", async () => {
    const asked = await askedOf("Replicated", async (client) => {
      expect(await heldRows(client, table)).toEqual({ rows: 7, size: "1 B" });
      const lost = await weighed(client, table.name, { label: "refused", ...plan });
      expect(lost).toMatchObject({ label: "refused", destroys: ["7 rows: column a"] });
      const change = { text: "", rewrites: "*" };
      const altered = { ...plan, label: "in place", changes: [change] } as unknown as ObjectPlan;
      await costWords(client, table.name, { ...altered, table: plan } as unknown as ObjectPlan);
    });
    expect(asked).toEqual([
      expect.stringContaining("FROM cluster('steamline', system.parts)"),
      expect.stringContaining("FROM cluster('steamline', `steamline_shard`.`t`)"),
      expect.stringContaining("FROM cluster('steamline', system.parts)"),
    ]);
  });

  it("is counted where the rows are on one server", async () => {
    const asked = await askedOf("Atomic", async (client) => void (await heldRows(client, table)));
    expect(asked).toEqual([expect.stringContaining("FROM system.parts")]);
  });
});

describe("what the deployment notes", () => {
  it("is kept by every replica of a cluster, and by the one server where there is one", async () => {
    const made = async (engine: string) =>
      (await askedOf(engine, (client) => note(client, "t", "making"))).find((sql) => /CREATE TABLE/.test(sql)); // prettier-ignore
    expect(await made("Replicated")).toContain("ENGINE = ReplicatedMergeTree ORDER BY");
    expect(await made("Atomic")).toContain("ENGINE = MergeTree ORDER BY");
  });
});

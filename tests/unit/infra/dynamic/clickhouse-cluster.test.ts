import { describe, expect, it } from "vitest";
import {
  serverInSyncProvider,
  serverPlaceProvider,
  warehouseShapeProvider,
  type ShapeState,
} from "../../../../infra/dynamic/clickhouse-cluster";
import { fakeClickHouse } from "../fake-clickhouse";

const nobody = { url: "http://localhost:1", username: "admin", password: "p", database: "default" };

const faults = async (olds: ShapeState | object, news: ShapeState) => {
  const { failures } = (await warehouseShapeProvider.check?.(olds as ShapeState, news)) ?? {};
  return (failures ?? []).map(({ property, reason }) => `${property}: ${reason}`);
};

describe("fewer shards", () => {
  const shape = (connection: ShapeState["connection"], shards: number, replicas = 2) => ({
    shards,
    replicas,
    connection,
  });

  it("are refused while one that would go holds rows, naming it and its tables", async () => {
    const { connection, asked } = await fakeClickHouse(() => [
      { shard: "3", n: "120", tables: ["steam_ledger", "steam_top_games"] },
    ]);
    expect(await faults(shape(connection, 3), shape(connection, 2))).toEqual([
      expect.stringMatching(
        /^shards: clickhouseShards cannot be lowered from 3 to 2, .*: shard 3 holds 120 rows, of steam_ledger, steam_top_games\. .* Nothing was changed\.$/,
      ),
    ]);
    expect(asked).toEqual([
      expect.stringMatching(
        /FROM cluster\('steamline', system\.parts\) WHERE active AND rows > 0 AND database = 'steamline_shard' AND _shard_num > 2/,
      ),
    ]);
  });

  it("are taken where those that go are empty", async () => {
    const { connection } = await fakeClickHouse();
    expect(await faults(shape(connection, 3), shape(connection, 1))).toEqual([]);
  });

  it("are refused where nobody tells what they hold", async () => {
    expect(await faults(shape(nobody, 2), shape(nobody, 1))).toEqual([
      expect.stringMatching(
        /^shards: no ClickHouse answers at http:\/\/localhost:1, .*clickhouseShards 2\. Nothing was changed\.$/,
      ),
    ]);
  });

  it("are told apart from more shards, and from other replicas, which ask nobody", async () => {
    const { connection, asked } = await fakeClickHouse();
    expect(await faults(shape(connection, 2), shape(connection, 3))).toEqual([]);
    expect(await faults(shape(connection, 2, 3), shape(connection, 2, 1))).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe("a cluster where there was none", () => {
  const news = (connection: ShapeState["connection"]) => ({ shards: 2, replicas: 2, connection });

  it("is refused where one server has tables already", async () => {
    const { connection } = await fakeClickHouse(() => [{ engine: "Atomic", n: "20" }]);
    expect(await faults({}, news(connection))).toEqual([
      expect.stringMatching(
        /^shards: clickhouseShards and clickhouseReplicas: .* is one server with 20 tables, which cannot become a cluster/,
      ),
    ]);
  });

  it("is taken where nothing answers, where nothing is, and where a cluster is already", async () => {
    expect(await faults({}, news(nobody))).toEqual([]);
    for (const found of [
      { engine: "Atomic", n: "0" },
      { engine: "Replicated", n: "20" },
    ]) {
      const { connection } = await fakeClickHouse(() => [found]);
      expect(await faults({}, news(connection))).toEqual([]);
    }
  });
});

describe("a server that is taken away", () => {
  it("is forgotten by Keeper, its tables and its databases, once it counts as gone", async () => {
    let tries = 0;
    const { connection, asked } = await fakeClickHouse((sql) => {
      if (sql.includes("system.tables")) return [{ uuid: "u1" }, { uuid: "forgotten-already" }];
      if (sql.includes("system.zookeeper"))
        return ["tables/u1/2", "databases/steamline", "databases/steamline_shard", "databases/default"].map((path) => ({ path: `/clickhouse/${path}/replicas` })); // prettier-ignore
      return sql.startsWith("SYSTEM DROP REPLICA") && tries++ === 0
        ? "Code: 305. DB::Exception: Can't drop replica: it is active. (TABLE_WAS_NOT_DROPPED)"
        : [];
    });
    const state = { shard: 2, replica: 2, replicaName: "clickhouse-2-2", connection };
    await serverPlaceProvider.delete?.("clickhouse-2-2", state);
    const dropped = "SYSTEM DROP REPLICA 'clickhouse-2-2' FROM ZKPATH '/clickhouse/tables/u1/2'";
    expect(asked.filter((sql) => sql.startsWith("SYSTEM"))).toEqual([
      dropped,
      dropped,
      ...["steamline", "steamline_shard", "default"].map(
        (name) =>
          `SYSTEM DROP DATABASE REPLICA 'clickhouse-2-2' FROM SHARD '2' FROM DATABASE ${name}`,
      ),
    ]);
  });
});

describe("a server whose container was replaced", () => {
  const state = { host: "clickhouse-1-2", containerId: "a", connection: nobody };

  it("is waited for until it answers the others and lacks no rows", async () => {
    let looks = 0;
    const { connection } = await fakeClickHouse((sql) => {
      if (sql.includes("system.one")) return looks++ === 0 ? [{ host: "clickhouse" }] : [{ host: "clickhouse" }, { host: state.host }]; // prettier-ignore
      return looks === 2 ? [{ host: state.host, name: "steamline_shard.t" }] : [{ host: "clickhouse-2-1", name: "steamline_shard.t" }]; // prettier-ignore
    });
    const news = { ...state, containerId: "b", connection };
    expect(await serverInSyncProvider.update?.(state.host, state, news)).toEqual({ outs: news });
    expect(looks).toBe(4);
  });

  it("is waited for again for another container alone, and not when it is new", async () => {
    const diff = (news: object) =>
      serverInSyncProvider.diff?.(state.host, state, { ...state, ...news });
    expect(await diff({})).toEqual({ changes: false });
    expect(await diff({ containerId: "b" })).toEqual({ changes: true });
    expect(await serverInSyncProvider.create(state)).toEqual({ id: state.host, outs: state });
  });
});

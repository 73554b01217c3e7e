import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { ClickHouseClient } from "@clickhouse/client";
import type { dynamic } from "@pulumi/pulumi";
import { rows, run, withClient, type Connection } from "../clickhouse/client";
import { CLUSTER, SHARD_DATABASE, type ClusterSize, type Place } from "../clickhouse/cluster";
import { OWN_DATABASE } from "../clickhouse/ledger";
import { quoteString } from "../clickhouse/render";
import { ANSWERING_SERVERS, TABLES_BEHIND } from "../clickhouse/servers";

const POLL_MS = 500;
/** Time that a server may take to be in sync: it may have hours of rows to fetch. */
const IN_SYNC_DEADLINE_MS = 1_800_000;
/** Time that Keeper may take to notice that a server is gone. */
const FORGET_DEADLINE_MS = 90_000;
/** Looks in a row that have to find it well. */
const LOOKS = 2;
/** Databases that the servers share. */
const DATABASES = [OWN_DATABASE, SHARD_DATABASE, "default"];

interface Asked {
  connection: Connection;
}

export interface ShapeState extends Asked, ClusterSize {}

/** Why a cluster cannot become another, or undefined. */
async function shapeFault(
  olds: Partial<ShapeState>,
  news: ShapeState,
): Promise<string | undefined> {
  const { shards, connection } = olds;
  if (shards === undefined || !connection) return singleFault(news);
  if (news.shards >= shards) return undefined;
  const held = await answered(connection, (client) =>
    rows<{ shard: string; n: string; tables: string[] }>(
      client,
      `SELECT toString(_shard_num) AS shard, toString(sum(rows)) AS n, arraySort(groupUniqArray(table)) AS tables
       FROM cluster('${CLUSTER}', system.parts)
       WHERE active AND rows > 0 AND database = '${SHARD_DATABASE}' AND _shard_num > ${news.shards}
       GROUP BY _shard_num ORDER BY _shard_num`,
    ),
  );
  if (!held)
    return `no ClickHouse answers at ${connection.url}, so that nobody can tell what the shards hold that would go. Bring the cluster up first: npm run up -- --refresh, with clickhouseShards ${shards}. Nothing was changed.`;
  const told = held.map(({ shard, n, tables }) => `shard ${shard} holds ${n} rows, of ${some(tables)}`); // prettier-ignore
  return told.length === 0
    ? undefined
    : `clickhouseShards cannot be lowered from ${shards} to ${news.shards}, as the rows of what goes would go with it: ${told.join("; ")}. Set it back; or move the rows first: docs/clickhouse-cluster.md tells how. Nothing was changed.`;
}

/** Why no cluster can be made where something stands already that the stack has no state of. */
async function singleFault({ connection }: ShapeState): Promise<string | undefined> {
  const found = await answered(connection, (client) =>
    rows<{ engine: string; n: string }>(
      client,
      `SELECT engine, (SELECT toString(count()) FROM system.tables WHERE database = 'default') AS n
       FROM system.databases WHERE name = 'default'`,
    ),
  );
  const [standing] = found ?? [];
  if (!standing || standing.engine === "Replicated" || standing.n === "0") return undefined;
  return `clickhouseShards and clickhouseReplicas: the stack's ClickHouse at ${connection.url} is one server with ${standing.n} tables, which cannot become a cluster, as they would have to move. Set both to 1, or make another stack and move to it. Nothing was changed.`;
}

/** What the first server says, or undefined where it does not answer or its password is not known yet. */
async function answered<T>(
  connection: Connection,
  work: (client: ClickHouseClient) => Promise<T>,
): Promise<T | undefined> {
  try {
    const answer = await fetch(`${connection.url}/ping`, { signal: AbortSignal.timeout(5_000) });
    return answer.ok ? await withClient(connection, work) : undefined;
  } catch {
    return undefined;
  }
}

function some(names: readonly string[]): string {
  return `${names.slice(0, 5).join(", ")}${names.length > 5 ? " and others" : ""}`;
}

export const warehouseShapeProvider: dynamic.ResourceProvider<ShapeState, ShapeState> = {
  check: async (olds: Partial<ShapeState>, news) => {
    const reason = await shapeFault(olds, news);
    return { inputs: news, failures: reason ? [{ property: "shards", reason }] : [] };
  },
  diff: async (_id, olds, news) => ({
    changes: (["shards", "replicas", "connection"] as const).some(
      (key) => !isDeepStrictEqual(olds[key], news[key]),
    ),
  }),
  create: async (inputs) => ({ id: "shape", outs: inputs }),
  update: async (_id, _olds, news) => ({ outs: news }),
};

export interface PlaceState extends Asked, Place {
  replicaName: string;
}

/** Has Keeper forget a server whose container is gone, so that the others wait for it no more. */
async function forget({ connection, shard, replicaName }: PlaceState): Promise<void> {
  await withClient(connection, async (client) => {
    const tables = await rows<{ uuid: string }>(
      client,
      `SELECT toString(uuid) AS uuid FROM system.tables WHERE database IN (${quoted([OWN_DATABASE, SHARD_DATABASE])}) AND engine LIKE 'Replicated%'`,
    );
    const name = quoteString(replicaName);
    const statements = new Map([
      ...tables.map(({ uuid }) => {
        const path = `/clickhouse/tables/${uuid}/${shard}`;
        return [path, `SYSTEM DROP REPLICA ${name} FROM ZKPATH ${quoteString(path)}`] as const;
      }),
      ...DATABASES.map(
        (database) =>
          [
            `/clickhouse/databases/${database}`,
            `SYSTEM DROP DATABASE REPLICA ${name} FROM SHARD ${quoteString(String(shard))} FROM DATABASE ${database}`,
          ] as const,
      ),
    ]);
    const paths = [...statements.keys()].map((path) => `${path}/replicas`);
    // What was forgotten by a try that was cut short is not there any more.
    const known = await rows<{ path: string }>(
      client,
      `SELECT path FROM system.zookeeper WHERE path IN (${quoted(paths)}) AND name IN (${quoted([replicaName, `${shard}|${replicaName}`])})`,
    );
    for (const [path, statement] of statements)
      if (known.some((one) => one.path === `${path}/replicas`))
        await withinTime(() => run(client, statement));
  });
}

function quoted(texts: readonly string[]): string {
  return texts.map(quoteString).join(", ");
}

/** One that Keeper takes for active still is asked about again. @throws the engine's error where it stays so */
async function withinTime(work: () => Promise<void>): Promise<void> {
  for (const since = Date.now(); ; await sleep(POLL_MS)) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() - since > FORGET_DEADLINE_MS || !/active/i.test(String(error))) throw error;
    }
  }
}

export const serverPlaceProvider: dynamic.ResourceProvider<PlaceState, PlaceState> = {
  diff: async (_id, olds, news) => ({
    changes: !isDeepStrictEqual(olds.connection, news.connection),
  }),
  create: async (inputs) => ({ id: inputs.replicaName, outs: inputs }),
  update: async (_id, _olds, news) => ({ outs: news }),
  delete: (_id, state) => forget(state),
};

export interface InSyncState extends Asked {
  host: string;
  containerId: string;
}

/** Waits until a server answers the others, takes rows, and has all that its shard has. */
async function inSync(inputs: InSyncState): Promise<InSyncState> {
  let looks = 0;
  for (const since = Date.now(); ; await sleep(POLL_MS)) {
    const fault = await lag(inputs).catch((error: unknown) => String(error));
    looks = fault === undefined ? looks + 1 : 0;
    if (looks === LOOKS) return inputs;
    if (fault !== undefined && Date.now() - since > IN_SYNC_DEADLINE_MS)
      throw new Error(
        `after ${IN_SYNC_DEADLINE_MS / 1000} s ${fault}. Look at the logs of its container; the next up waits again.`,
      );
  }
}

/** What of a server is not as it is to be, or undefined. */
async function lag({ connection, host }: InSyncState): Promise<string | undefined> {
  return withClient(connection, async (client) => {
    const up = await rows<{ host: string }>(client, ANSWERING_SERVERS);
    if (!up.some((one) => one.host === host)) return `server ${host} does not answer the others`;
    const behind = await rows<{ host: string; name: string }>(client, TABLES_BEHIND);
    const own = behind.filter((one) => one.host === host).map(({ name }) => name);
    return own.length === 0 ? undefined : `server ${host} lacks rows of ${some(own)}`;
  });
}

export const serverInSyncProvider: dynamic.ResourceProvider<InSyncState, InSyncState> = {
  diff: async (_id, olds, news) => ({
    changes: (["host", "containerId", "connection"] as const).some(
      (key) => !isDeepStrictEqual(olds[key], news[key]),
    ),
  }),
  create: async (inputs) => ({ id: inputs.host, outs: inputs }),
  update: async (_id, _olds, news) => ({ outs: await inSync(news) }),
  delete: async () => undefined,
};

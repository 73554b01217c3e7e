import { X509Certificate } from "node:crypto";
import type { Admin } from "kafkajs";
import type { KafkaAccess } from "../../../pipeline/kafka/access";
import { ANSWERING_SERVERS, TABLES_BEHIND } from "../../../infra/clickhouse/servers";
import { ask } from "../clickhouse";
import { asked } from "../cluster";
import { listContainers } from "../docker";
import { endpointsOf, enginesOf } from "../engines";
import { kafkaOf, type Outputs } from "../outputs";
import type { Session } from "../session";
import { configValue, writeMerged } from "../stack-config";
import { withAdmin } from "../topics";
import {
  look,
  type Group,
  type KafkaTable,
  type Observations,
  type PartitionOffset,
  type ProducerStatus,
  type Seen,
  type Stream,
  type TableRows,
} from "./observation";
import { unreadIn } from "./unread";

/** Longest that one part may keep the whole status waiting. */
const PATIENCE_MS = 8000;

/**
 * Seconds of polling without an error, with partitions assigned, after which an error counts as overcome. What
 * cannot be stored or read is tried again within a second and would have failed again by then.
 */
const QUIET_SECONDS = 5;

/** Looks at every hop of a deployed stack at once. Changes nothing, and never fails: each part tells its own story. */
export async function observe(session: Session, outputs: Outputs): Promise<Observations> {
  const { content } = writeMerged(session.stack);
  const pollIntervalSeconds = Number(configValue(content, "pollIntervalSeconds"));
  const ways: StreamNames[] = [
    {
      topic: outputs.topGamesTopic,
      group: outputs.topGamesGroup,
      ...namesOf("steam_top_games"),
      staleAfter: patience(pollIntervalSeconds),
    },
    {
      topic: outputs.detailsTopic,
      group: outputs.detailsGroup,
      ...namesOf("steam_game_details"),
      staleAfter: Number(configValue(content, "detailsIntervalSeconds")) + 600,
    },
    ...outputs.furtherSources.map(({ table, pollIntervalSeconds, ...names }) => ({
      ...names,
      ...namesOf(table),
      staleAfter: patience(pollIntervalSeconds),
    })),
  ];
  const [containers, producer, streams, hourlyRows, deadLetters, version, servers] =
    await Promise.all([
      look(containerStates(session, outputs)),
      look(fetchJson<ProducerStatus>(`${outputs.producerUrl}/status`)),
      Promise.all(ways.map((way) => observeStream(outputs, way))),
      look(countRows(outputs, "steam_hourly_stats")),
      look(countRows(outputs, "steam_dead_letters")),
      look(grafanaVersion(outputs.grafanaUrl)),
      clusterServers(outputs),
    ]);
  return {
    stack: session.stack,
    source: outputs.source,
    containers,
    containerNames: outputs.containers,
    ...endpointsOf(session.stack),
    producer,
    pollIntervalSeconds,
    now: Date.now(),
    streams,
    hourlyRows,
    deadLetters,
    ...certificatesEnd(outputs),
    ...servers,
    grafana: { url: outputs.grafanaUrl, note: outputs.grafanaNote, version },
  };
}

/** By the administrator's own, which is as old as any: the nodes' were made with it or after it. */
function certificatesEnd({ kafkaTls }: Outputs): Pick<Observations, "certificatesEnd"> {
  const cert = kafkaTls?.cert;
  return cert ? { certificatesEnd: Date.parse(new X509Certificate(cert).validTo) } : {};
}

async function clusterServers(outputs: Outputs): Promise<Pick<Observations, "servers">> {
  const size = outputs.clickhouseCluster;
  if (!size) return {};
  const answers = Promise.all([
    ask<{ host: string }>(outputs, ANSWERING_SERVERS, "admin"),
    ask<{ host: string; name: string }>(outputs, TABLES_BEHIND, "admin"),
  ]);
  const found = answers.then(([up, behind]) => ({ answering: up.map(({ host }) => host), behind }));
  return { servers: { size, found: await look(found) } };
}

/** Seconds that the newest row of a source may be old. */
const patience = (pollIntervalSeconds: number) => 3 * pollIntervalSeconds + 60;

function namesOf(table: string) {
  return { kafkaTable: `kafka_${table}`, view: `${table}_mv`, table };
}

type StreamNames = Pick<Stream, "topic" | "group" | "kafkaTable" | "view" | "table" | "staleAfter">;

async function observeStream(outputs: Outputs, names: StreamNames): Promise<Stream> {
  const [kafkaSide, kafka, viewTarget, rows] = await Promise.all([
    look(inTime(withAdmin(kafkaOf(outputs), (admin) => broker(admin, outputs, names)))),
    look(kafkaTable(outputs, names.kafkaTable)),
    look(viewExists(outputs, names.view)),
    look(tableRows(outputs, names.table)),
  ]);
  const side = <T>(
    pick: (value: { offsets: Seen<PartitionOffset[]>; group: Seen<Group> }) => Seen<T>,
  ): Seen<T> => (kafkaSide.ok ? pick(kafkaSide.value) : kafkaSide);
  return {
    ...names,
    offsets: side(({ offsets }) => offsets),
    consumers: side(({ group }) => group),
    kafka,
    viewTarget,
    rows,
  };
}

async function broker(admin: Admin, outputs: Outputs, { topic, group }: StreamNames) {
  const offsets = await look(
    admin.fetchTopicOffsets(topic).then((partitions) =>
      partitions
        .map(({ partition, high, low }) => ({
          partition,
          end: Number(high),
          messages: Number(high) - Number(low),
        }))
        .sort((a, b) => a.partition - b.partition),
    ),
  );
  const ends = offsets.ok ? offsets.value : [];
  const consumers = consumerGroup(admin, kafkaOf(outputs), group, topic, ends);
  return { offsets, group: await look(consumers) };
}

async function consumerGroup(
  admin: Admin,
  kafka: KafkaAccess,
  groupId: string,
  topic: string,
  ends: PartitionOffset[],
): Promise<Group> {
  const [described, committed] = await Promise.all([
    admin.describeGroups([groupId]),
    admin.fetchOffsets({ groupId, topics: [topic] }),
  ]);
  const offsets = new Map(
    committed.flatMap(({ partitions }) => partitions.map((p) => [p.partition, Number(p.offset)])),
  );
  const stretches = ends.map((end) => ({ ...end, committed: offsets.get(end.partition) ?? -1 }));
  return {
    state: described.groups[0]?.state ?? "Dead",
    members: described.groups[0]?.members.length ?? 0,
    lag: await unreadIn(kafka, topic, stretches),
  };
}

async function kafkaTable(outputs: Outputs, table: string): Promise<KafkaTable | undefined> {
  interface Row {
    consumers: string;
    lastError: string;
    errorAge: string;
    recovered: number;
    messagesRead: string;
  }
  const [exists] = await ask<{ n: string }>(
    outputs,
    `SELECT count() AS n FROM system.tables WHERE database = '${outputs.database}' AND name = '${table}'`,
    "admin",
  );
  if (Number(exists?.n) === 0) return undefined;
  const [row] = await ask<Row>(
    outputs,
    asked(
      outputs,
      `SELECT count() AS consumers, max(length(exceptions.time) = 0 ? toDateTime(0) : arrayMax(exceptions.time)) AS at,
            argMax(exceptions.text[-1], length(exceptions.time) = 0 ? toDateTime(0) : arrayMax(exceptions.time)) AS lastError,
            at = toDateTime(0) ? -1 : dateDiff('second', at, now()) AS errorAge,
            max(last_commit_time) > at OR (max(last_poll_time) > at + ${QUIET_SECONDS} AND sum(length(assignments.topic)) > 0) AS recovered,
            sum(num_messages_read) AS messagesRead
     FROM system.kafka_consumers WHERE database = '${outputs.database}' AND table = '${table}'`,
    ),
    "admin",
  );
  const age = Number(row?.errorAge ?? -1);
  return {
    consumers: Number(row?.consumers ?? 0),
    lastError: row?.lastError ?? "",
    lastErrorAge: age < 0 ? undefined : age,
    recovered: row?.recovered === 1,
    messagesRead: Number(row?.messagesRead ?? 0),
  };
}

async function viewExists(outputs: Outputs, view: string): Promise<boolean> {
  const [row] = await ask<{ n: string }>(
    outputs,
    `SELECT count() AS n FROM system.tables WHERE database = '${outputs.database}' AND name = '${view}' AND engine = 'MaterializedView'`,
    "admin",
  );
  return Number(row?.n) === 1;
}

async function tableRows(outputs: Outputs, table: string): Promise<TableRows> {
  const [row] = await ask<{ n: string; age: string }>(
    outputs,
    `SELECT count() AS n, dateDiff('second', max(fetch_time), now()) AS age FROM ${table}`,
  );
  const rows = Number(row?.n ?? 0);
  return { rows, newestAge: rows === 0 ? undefined : Number(row?.age) };
}

async function countRows(outputs: Outputs, table: string): Promise<number> {
  const [row] = await ask<{ n: string }>(outputs, `SELECT count() AS n FROM ${table}`);
  return Number(row?.n ?? 0);
}

async function containerStates(
  session: Session,
  outputs: Outputs,
): Promise<Record<string, string>> {
  const engines = await enginesOf(session);
  const listed = (await Promise.all(engines.map(({ env }) => listContainers(env)))).flat();
  const states = Object.entries(outputs.containers).map(([part, name]) => {
    const container = listed.find((candidate) => candidate.name === name);
    if (!container) return [part, "absent"] as const;
    const health = /\((unhealthy|health: starting)\)/.exec(container.status)?.[0];
    return [part, health ? `${container.state} ${health}` : container.state] as const;
  });
  return Object.fromEntries(states);
}

async function grafanaVersion(url: string): Promise<string> {
  if (url === "") return "";
  const health = await fetchJson<{ version?: string; database?: string }>(`${url}/api/health`);
  if (health.database !== "ok") throw new Error(`its database is ${health.database ?? "unknown"}`);
  return health.version ?? "";
}

async function fetchJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS / 2) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as T;
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)),
      PATIENCE_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

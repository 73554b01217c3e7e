import { formatFetchTime } from "../../pipeline/record";
import type { Scratch } from "./scratch";

const TOPICS = [
  { table: "steam_top_games", topic: "steam_top_games_topic", lag: 12 },
  { table: "steam_game_details", topic: "steam_game_details_topic", lag: 0 },
];
const PARTITIONS = 3;

/**
 * Puts in place of what the engine tells of itself, which is nothing while no broker is there and no merge
 * runs, what a running stack's tells.
 */
export async function standIn(scratch: Scratch, now: Date): Promise<void> {
  const consumers: ReturnType<typeof consumerRow>[] = [];
  for (const { table, topic, lag } of TOPICS) {
    const { rows } = await scratch.query(
      `SELECT (SELECT count() FROM ${table})
        + (SELECT count() FROM steam_dead_letters WHERE topic = '${topic}') AS messages`,
    );
    const sent = PARTITIONS * Math.ceil((Number(rows[0]?.["messages"]) + lag) / PARTITIONS);
    consumers.push(consumerRow({ table: `kafka_${table}`, topic, sent, lag }, now));
  }
  await replace(scratch, "kafka_consumers", consumers);
  await replace(scratch, "merges", [merge]);
  // Errors are counted by the engine itself, so one is made.
  await scratch.query("SELECT * FROM a_table_that_is_not").catch(() => undefined);
}

async function replace(
  scratch: Scratch,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const described = await scratch.query(
    `SELECT name, type FROM system.columns WHERE database = 'system' AND table = '${table}' ORDER BY position`,
  );
  const columns = described.rows.map(({ name, type }) => `\`${String(name)}\` ${String(type)}`);
  scratch.execute(`DROP TABLE system.${table}`);
  scratch.execute(`CREATE TABLE system.${table} (${columns.join(", ")}) ENGINE = Memory`);
  for (const row of rows) await scratch.insertJson(`system.${table}`, row);
}

const merge = {
  database: "default",
  table: "steam_top_games",
  elapsed: 0.8,
  progress: 0.42,
  num_parts: 5,
  total_size_bytes_compressed: 1_250_000,
  rows_read: 120_000,
  is_mutation: 0,
};

interface Read {
  table: string;
  topic: string;
  sent: number;
  lag: number;
}

function consumerRow({ table, topic, sent, lag }: Read, now: Date) {
  const secondsAgo = (seconds: number) => formatFetchTime(new Date(now.getTime() - seconds * 1000));
  return {
    database: "default",
    table,
    consumer_id: `clickhouse-server-${table}`,
    "assignments.topic": Array.from({ length: PARTITIONS }, () => topic),
    "assignments.partition_id": Array.from({ length: PARTITIONS }, (_, i) => i),
    "assignments.current_offset": Array.from({ length: PARTITIONS }, () => sent / PARTITIONS),
    "assignments.intent_size": Array.from({ length: PARTITIONS }, () => null),
    "exceptions.time": [secondsAgo(5_400)],
    "exceptions.text": ["Broker transport failure: kafka:29092: Connect to broker failed"],
    last_poll_time: secondsAgo(1),
    num_messages_read: sent - lag,
    last_commit_time: secondsAgo(20),
    num_commits: Math.round(sent / 100),
    last_rebalance_time: secondsAgo(90_000),
    num_rebalance_assignments: 1,
    is_currently_used: 1,
    rdkafka_stat: JSON.stringify(clientStatistics(topic, sent, lag)),
  };
}

/** The parts of librdkafka's statistics that panels read. */
function clientStatistics(topic: string, sent: number, lag: number) {
  const partition = (id: number) => ({
    partition: id,
    lo_offset: 0,
    hi_offset: id < 0 ? -1001 : sent / PARTITIONS,
    consumer_lag: id < 0 ? -1 : lag / PARTITIONS,
  });
  const partitions = Object.fromEntries([-1, 0, 1, 2].map((id) => [String(id), partition(id)]));
  const broker = (name: string, nodeid: number) => ({
    name,
    nodeid,
    state: "UP",
    rtt: { p99: 4_200 },
    connects: 2,
    rxerrs: 0,
    txerrs: 0,
    req_timeouts: 0,
  });
  return {
    brokers: {
      "kafka:29092/bootstrap": broker("kafka:29092/bootstrap", -1),
      "kafka:29092/1": broker("kafka:29092/1", 1),
    },
    topics: { [topic]: { topic, partitions } },
  };
}

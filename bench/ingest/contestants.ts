import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCatalog } from "../../infra/clickhouse/catalog";
import { rows, run, withClient, type Connection } from "../../infra/clickhouse/client";
import { renderSql } from "../../infra/clickhouse/render";
import { formatPlaceholders } from "../../infra/message-format";
import type { Stand } from "../../tests/image/stand";
import { addConsumer } from "../scaling/second-consumer";

const sqlDir = join(__dirname, "../../sql");
/** The stack's own default. */
const FLUSH_MS = 500;
const COLLECTIONS = ["steam_kafka", "steam_kafka_2"];

/** One way from a topic to a table. */
export interface Contestant {
  name: "guide" | "safety off" | "ours" | "ours, two consumers";
  /** Statements that set it up, in their order. */
  statements(brokers: string, topic: string, group: string): string[];
}

const COLUMNS = `game_id UInt32,
    game_name String,
    current_players UInt32,
    peak_today UInt32,
    rank UInt16,
    fetch_time DateTime`;

/** The guide's tables as it writes them, its further ones among them, with other settings of the Kafka table if any. */
const guideStatements = (
  brokers: string,
  topic: string,
  group: string,
  settings = "",
): string[] => [
  `CREATE TABLE kafka_steam_top_games (
    ${COLUMNS}
) ENGINE = Kafka
SETTINGS
    kafka_broker_list = '${brokers}',
    kafka_topic_list = '${topic}',
    kafka_group_name = '${group}',
    kafka_format = 'JSONEachRow',
    kafka_num_consumers = 1${settings}`,
  `CREATE TABLE steam_top_games (
    ${COLUMNS}
) ENGINE = MergeTree()
PARTITION BY toYYYYMMDD(fetch_time)
ORDER BY (game_id, fetch_time)
TTL fetch_time + INTERVAL 90 DAY`,
  "ALTER TABLE steam_top_games ADD INDEX idx_game_name game_name TYPE bloom_filter GRANULARITY 4",
  `CREATE MATERIALIZED VIEW steam_hourly_stats
ENGINE = SummingMergeTree()
PARTITION BY toYYYYMMDD(hour)
ORDER BY (hour, game_id)
AS SELECT
    toStartOfHour(fetch_time) as hour,
    game_id,
    sum(current_players) as total_players,
    count() as records
FROM steam_top_games
GROUP BY hour, game_id`,
  `CREATE MATERIALIZED VIEW steam_top_games_mv TO steam_top_games AS
SELECT game_id, game_name, current_players, peak_today, rank, fetch_time
FROM kafka_steam_top_games`,
];

/** What a folder of SQL files declares. */
function ourStatements(folder: string, brokers: string, topic: string, group: string): string[] {
  const values = {
    brokers,
    topGamesTopic: topic,
    detailsTopic: "details",
    topGamesGroup: group,
    detailsGroup: `${group}-details`,
    instanceId: group,
    flushIntervalMs: FLUSH_MS,
    ttlDays: 90,
    ...formatPlaceholders("JSONEachRow"),
  };
  return readCatalog(folder).map(({ sql, file }) =>
    renderSql(sql, values, file).replace(/;\s*$/, ""),
  );
}

export const contestants: readonly Contestant[] = [
  { name: "guide", statements: guideStatements },
  {
    name: "safety off",
    statements: (brokers, topic, group) =>
      guideStatements(brokers, topic, group, `,\n    kafka_flush_interval_ms = ${FLUSH_MS}`),
  },
  {
    name: "ours",
    statements: (...where) => ourStatements(sqlDir, ...where),
  },
  {
    name: "ours, two consumers",
    statements: (...where) => {
      const folder = mkdtempSync(join(tmpdir(), "steamline-sql-"));
      try {
        cpSync(sqlDir, folder, { recursive: true });
        addConsumer(folder);
        return ourStatements(folder, ...where);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  },
];

let made = 0;

/** Sets a contestant up in a database of its own, runs `work` there, and removes it. */
export async function withContestant<T>(
  { connection, brokers }: Stand,
  contestant: Contestant,
  topic: string,
  work: (ask: <R>(query: string) => Promise<R[]>) => Promise<T>,
): Promise<T> {
  const database = `ingest_${++made}`;
  const own: Connection = { ...connection, database };
  await withClient(connection, (client) => run(client, `CREATE DATABASE ${database}`));
  try {
    return await withClient(own, async (client) => {
      for (const statement of contestant.statements(brokers, topic, database))
        await run(client, statement);
      return work((query) => rows(client, query));
    });
  } finally {
    await withClient(connection, async (client) => {
      await run(client, `DROP DATABASE ${database} SYNC`);
      for (const collection of COLLECTIONS)
        await run(client, `DROP NAMED COLLECTION IF EXISTS ${collection}`);
    });
  }
}

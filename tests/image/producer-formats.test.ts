import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type ClickHouseClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderSql } from "../../infra/clickhouse/render";
import { formatPlaceholders } from "../../infra/message-format";
import { backfill } from "../../pipeline/backfill/backfill";
import { formatNames, type FormatName } from "../../pipeline/format/format";
import { codecNames, type CodecName } from "../../pipeline/kafka/codec";
import { createLog } from "../../pipeline/log";
import { readOptions } from "../../pipeline/options";
import { topGames } from "../../pipeline/record";
import { startStand, type Stand } from "./stand";

const START_TIMEOUT_MS = 900_000;
const ROWS = 20_000;
const sqlDir = join(__dirname, "../../sql");
const directory = mkdtempSync(join(tmpdir(), "formats-"));
const file = join(directory, "rows.jsonl");

let stand: Stand;
let client: ClickHouseClient;
beforeAll(async () => {
  stand = await startStand();
  const { url, username, password, database } = stand.connection;
  client = createClient({ url, username, password, database });
  const lines = Array.from({ length: ROWS }, (_, index) =>
    JSON.stringify({
      game_id: index % 100,
      game_name: `Game "${index % 100}", 绝地\t`,
      current_players: index,
      peak_today: index * 2,
      rank: (index % 100) + 1,
      fetch_time: new Date(1_772_000_000_000 + index * 1000)
        .toISOString()
        .slice(0, 19)
        .replace("T", " "),
    }),
  );
  writeFileSync(file, lines.join("\n"));
}, START_TIMEOUT_MS);
afterAll(async () => {
  await client.close();
  await stand.close();
  rmSync(directory, { recursive: true });
});

let tables = 0;

/** Sends the file, has a Kafka table made from sql/ take it in, and sums up what is stored. */
async function throughKafka(format: FormatName, compression: CodecName, packed: number) {
  const topic = `formats-${++tables}`;
  const admin = stand.kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true });
  const { kafka } = readOptions({
    KAFKA_BROKERS: stand.brokers,
    SOURCES: "steam-top-games",
    TOP_GAMES_TOPIC: topic,
    FORMAT: format,
    COMPRESSION: compression,
    RECORDS_PER_MESSAGE: String(packed),
  }).options;
  const sent = await backfill({ file, table: topGames, topic, kafka }, createLog("silent", "json"));
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();

  const values = {
    ...formatPlaceholders(format),
    topGamesTopic: topic,
    topGamesGroup: topic,
    flushIntervalMs: 200,
  };
  const sql = readFileSync(join(sqlDir, "kafka_steam_top_games.sql"), "utf8")
    .replaceAll("kafka_steam_top_games", `kafka_${tables}`)
    .replace("Kafka(steam_kafka)", "Kafka")
    .replace("SETTINGS", `SETTINGS kafka_broker_list = '${stand.brokers}',`);
  const columns = topGames.columns.map(({ name, type }) => `${name} ${type}`).join(", ");
  for (const query of [
    renderSql(sql, values, "kafka_steam_top_games.sql").replace(/;\s*$/, ""),
    `CREATE TABLE rows_${tables} (${columns}, error String) ENGINE = MergeTree ORDER BY game_id`,
    `CREATE MATERIALIZED VIEW mv_${tables} TO rows_${tables} AS SELECT *, _error AS error FROM kafka_${tables}`,
  ])
    await client.command({ query });
  const sums = async () => {
    const result = await client.query({
      query: `SELECT toUInt32(count()) AS rows, toUInt32(uniqExact(game_id, fetch_time)) AS distinct,
        toFloat64(sum(current_players)) AS players, any(error) AS error,
        toUInt32(countIf(game_name = 'Game "7", 绝地\t')) AS sevens FROM rows_${tables}`,
      format: "JSONEachRow",
    });
    const [first] = await result.json<Record<string, unknown>>();
    return first;
  };
  await expect.poll(async () => (await sums())?.["rows"], { timeout: 60_000 }).toBe(ROWS);
  const messages = offsets.reduce((sum, { high }) => sum + Number(high), 0);
  return { sent, messages, stored: await sums() };
}

const whole = {
  rows: ROWS,
  distinct: ROWS,
  players: (ROWS * (ROWS - 1)) / 2,
  error: "",
  sevens: ROWS / 100,
};

describe.each(formatNames)("rows sent as %s", (format) => {
  it("are stored as they were, one a message", async () => {
    const { sent, messages, stored } = await throughKafka(format, "none", 1);
    expect(sent).toMatchObject({ acked: ROWS, failed: 0, invalid: 0 });
    expect(messages).toBe(ROWS);
    expect(stored).toEqual(whole);
  });

  it("are stored as they were, a hundred a message", async () => {
    const { sent, messages, stored } = await throughKafka(format, "zstd", 100);
    expect(sent.acked).toBe(ROWS);
    expect(messages).toBeLessThan(ROWS / 90);
    expect(stored).toEqual(whole);
  });
});

describe.each(codecNames)("rows compressed with %s", (compression) => {
  it("are stored as they were", async () => {
    const { stored } = await throughKafka("JSONEachRow", compression, 1);
    expect(stored).toEqual(whole);
  });
});

import { run } from "../../infra/clickhouse/client";
import { afterValue, inPlace, setting, type Case } from "./case";
import { rollupCases } from "./rollup-cases";
import { chain, collection, swap } from "./schema";
import { tableCases } from "./table-cases";

const recreated = (object: string): [string, string] => [object, "recreated, no rows lost"];
const rebuilt = (object: string): [string, string] => [object, "rebuilt, no rows lost"];
const kafka = (name: string, edit: (sql: string) => string): Case => ({
  name,
  edits: { kafka_events: edit },
  label: recreated("kafka_events"),
});
const byHand = (name: string, ...statements: string[]): Case => ({
  name,
  byHand: async (client) => {
    for (const statement of statements) await run(client, statement);
  },
});

const flow: Case[] = [
  {
    name: "column added end to end",
    edits: {
      events: afterValue("region LowCardinality(String)"),
      kafka_events: afterValue("region LowCardinality(String)"),
      events_mv: swap("value, t", "value, region, t"),
    },
    label: recreated("kafka_events"),
  },
  {
    name: "two columns added end to end",
    edits: {
      events: chain(afterValue("score Float32"), afterValue("amount UInt32")),
      kafka_events: chain(afterValue("score Float32"), afterValue("amount UInt32")),
      events_mv: swap("region, t", "region, score, amount, t"),
    },
    label: recreated("kafka_events"),
  },
  {
    name: "type widened end to end",
    edits: {
      events: swap("amount UInt32", "amount UInt64"),
      kafka_events: swap("amount UInt32", "amount UInt64"),
    },
    label: recreated("kafka_events"),
  },
  {
    name: "column renamed in table and view",
    edits: {
      events: (sql) =>
        `-- @rename score to points\n${swap("score Float32", "points Float32")(sql)}`,
      events_mv: swap("score,", "score AS points,"),
    },
    label: inPlace("events"),
  },
  {
    name: "view: expression changed",
    edits: { events_mv: swap("amount,", "amount * 2 AS amount,") },
    label: inPlace("events_mv"),
  },
  {
    name: "view: filter added",
    edits: { events_mv: (sql) => `${sql} AND id >= 0` },
    label: inPlace("events_mv"),
  },
  {
    name: "view: another target",
    edits: {
      events_mv: swap("TO events AS", "TO events_b AS"),
    },
    label: recreated("events_mv"),
  },
  {
    name: "view: back to its target",
    edits: { events_mv: swap("TO events_b AS", "TO events AS") },
    label: recreated("events_mv"),
  },
  {
    name: "second view on the Kafka table",
    edits: {
      audit:
        "CREATE TABLE audit (id UInt64, part UInt64, pos UInt64) ENGINE = MergeTree ORDER BY (part, pos)",
      audit_mv:
        "CREATE MATERIALIZED VIEW audit_mv TO audit AS SELECT id, _partition AS part, _offset AS pos FROM kafka_events",
    },
    label: ["audit_mv", "created"],
  },
  {
    name: "rollup added, with backfill",
    edits: {
      by_name:
        "CREATE TABLE by_name (name String, n UInt64) ENGINE = SummingMergeTree ORDER BY name",
      by_name_mv:
        "-- @backfill\nCREATE MATERIALIZED VIEW by_name_mv TO by_name AS SELECT name, count() AS n FROM events GROUP BY name",
    },
    label: ["by_name_mv", "created"],
  },
  {
    name: "rollup: query changed",
    edits: { by_name_mv: swap("SELECT name,", "SELECT concat(name, '') AS name,") },
    label: inPlace("by_name_mv"),
  },
];

const consumption: Case[] = [
  kafka("flush interval changed", swap("_ms = 200", "_ms = 150")),
  kafka("block size set", setting("kafka_max_block_size = 50000")),
  kafka("poll batch set", setting("kafka_poll_max_batch_size = 5000")),
  kafka("thread for each consumer", setting("kafka_thread_per_consumer = 1")),
  kafka("another format", swap("'JSONEachRow'", "'JSONLines'")),
  {
    name: "named collection: key added",
    edits: { events_kafka: (sql) => `${sql}, \`kafka.fetch_wait_max_ms\` = '100'` },
  },
  {
    name: "a second consumer: table, member, view",
    edits: {
      events_kafka_2: "",
      kafka_events_2: "",
      events_2_mv:
        "CREATE MATERIALIZED VIEW events_2_mv TO events AS SELECT id, name, t FROM kafka_events_2 WHERE length(_error) = 0",
    },
    label: ["kafka_events_2", "created"],
  },
  {
    name: "the second consumer removed",
    edits: { events_kafka_2: undefined, kafka_events_2: undefined, events_2_mv: undefined },
    label: ["kafka_events_2", "dropped"],
  },
  { name: "more partitions of the topic", partitions: 6 },
];

const others: Case[] = [
  {
    name: "dictionary added",
    edits: {
      regions:
        "CREATE DICTIONARY regions (name String, n UInt64) PRIMARY KEY name SOURCE(CLICKHOUSE(TABLE 'by_name' DB 'default')) LIFETIME(60) LAYOUT(COMPLEX_KEY_HASHED())",
    },
    label: ["regions", "created"],
  },
  {
    name: "dictionary changed",
    edits: { regions: swap("LIFETIME(60)", "LIFETIME(300)") },
    label: recreated("regions"),
  },
  {
    name: "plain view added",
    edits: { latest: "CREATE VIEW latest AS SELECT max(id) AS id FROM events" },
    label: ["latest", "created"],
  },
  {
    name: "plain view changed",
    edits: { latest: swap("SELECT max(id) AS id", "SELECT max(id) AS id, max(t) AS t") },
    label: inPlace("latest"),
  },
  {
    name: "database and a table in it",
    edits: {
      reports: "CREATE DATABASE reports",
      "reports.days": "CREATE TABLE reports.days (d Date) ENGINE = MergeTree ORDER BY d",
    },
    label: ["reports.days", "created"],
  },
];

const rebuilds: Case[] = [
  {
    name: "rebuild: sorting key",
    edits: {
      events: (sql) => `-- @rebuild\n${swap("ORDER BY (id, t)", "ORDER BY (name, id)")(sql)}`,
    },
    label: rebuilt("events"),
  },
  {
    name: "rebuild: partition key",
    edits: { events: swap("toYYYYMMDD(t)", "toYYYYMM(t)") },
    label: rebuilt("events"),
  },
  {
    name: "rebuild: engine",
    edits: { events: swap("ENGINE = MergeTree", "ENGINE = ReplacingMergeTree") },
    label: rebuilt("events"),
  },
];

const drift: Case[] = [
  byHand(
    "drift: index added by hand",
    "ALTER TABLE events ADD INDEX stray name TYPE minmax GRANULARITY 1",
  ),
  byHand(
    "drift: setting changed by hand",
    "ALTER TABLE events MODIFY SETTING non_replicated_deduplication_window = 5",
  ),
  byHand(
    "drift: column added by hand to an empty table",
    "ALTER TABLE bad_events ADD COLUMN stray UInt8",
  ),
  byHand("drift: plain view dropped by hand", "DROP VIEW latest"),
  byHand(
    "drift: view's query changed by hand",
    "ALTER TABLE events_mv MODIFY QUERY SELECT id, name, value, region, t FROM kafka_events WHERE length(_error) = 0",
  ),
  byHand(
    "drift: Kafka table and its views dropped by hand",
    "DROP VIEW bad_events_mv SYNC",
    "DROP VIEW audit_mv SYNC",
    "DROP VIEW events_mv SYNC",
    "DROP TABLE kafka_events SYNC",
  ),
];

const destructive: Case[] = [
  {
    name: "destructive: column dropped",
    edits: { archive: swap(" name String,", "") },
    destroys: "archive",
  },
  {
    name: "destructive: type narrowed",
    edits: { archive: swap("id UInt64, t", "id UInt64, big UInt64 DEFAULT 70000 + id, t") },
    label: inPlace("archive"),
  },
  {
    name: "destructive: type narrowed, values too large",
    edits: { archive: swap("big UInt64 DEFAULT 70000 + id", "big UInt16 DEFAULT 1") },
    destroys: "archive",
  },
  {
    name: "destructive: TTL shorter",
    edits: { archive: swap("INTERVAL 3650 DAY", "INTERVAL 30 DAY") },
    destroys: "archive",
  },
  {
    name: "destructive: sorting key without rebuild",
    edits: { archive: swap("ORDER BY id", "ORDER BY (t, id)") },
    destroys: "archive",
  },
  { name: "destructive: table dropped", edits: { archive: undefined }, destroys: "archive" },
];

/** All changes; `brokers` and `topic` fill the second consumer. */
export function allCases(brokers: string): Case[] {
  const second = consumption.find(({ name }) => name.startsWith("a second consumer"));
  const cases = [
    ...tableCases,
    ...flow,
    ...consumption,
    ...others,
    ...rebuilds,
    ...drift,
    ...destructive,
    ...rollupCases,
  ];
  return cases.map((one) =>
    one === second
      ? {
          ...one,
          edits: {
            ...one.edits,
            events_kafka_2: collection("events_kafka_2", brokers, "member-2"),
            kafka_events_2: `CREATE TABLE kafka_events_2 (id UInt64, name String, t DateTime)
ENGINE = Kafka(events_kafka_2)
SETTINGS kafka_topic_list = 'evolution', kafka_group_name = 'evolution', kafka_format = 'JSONEachRow',
    kafka_flush_interval_ms = 200, kafka_handle_error_mode = 'stream'`,
          },
        }
      : one,
  );
}

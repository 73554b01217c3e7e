import type { Files } from "../lib/deployment";

const FLUSH_MS = 200;

/** A small pipeline of the project's shape: Kafka table, view, table, rollup, dead letters. */
export function baseFiles(brokers: string, topic: string): Record<string, string> {
  return {
    events_kafka: collection("events_kafka", brokers, "member-1"),
    kafka_events: `CREATE TABLE kafka_events
(
    id UInt64,
    name String,
    value UInt32,
    t DateTime
)
ENGINE = Kafka(events_kafka)
SETTINGS kafka_topic_list = '${topic}', kafka_group_name = 'evolution', kafka_format = 'JSONEachRow',
    kafka_flush_interval_ms = ${FLUSH_MS}, kafka_handle_error_mode = 'stream'`,
    events: `CREATE TABLE events
(
    id UInt64,
    name String,
    value UInt32,
    t DateTime
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(t)
ORDER BY (id, t)
TTL t + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 1000`,
    events_mv: `CREATE MATERIALIZED VIEW events_mv TO events AS
SELECT id, name, value, t FROM kafka_events WHERE length(_error) = 0`,
    events_b: `CREATE TABLE events_b
(id UInt64, name String, value UInt64, region String, points Float32, amount UInt64, t DateTime) ENGINE = MergeTree ORDER BY id`,
    bad_events: `CREATE TABLE bad_events (raw String, error String) ENGINE = MergeTree ORDER BY error`,
    bad_events_mv: `CREATE MATERIALIZED VIEW bad_events_mv TO bad_events AS
SELECT _raw_message AS raw, _error AS error FROM kafka_events WHERE length(_error) > 0`,
    archive: `CREATE TABLE archive (id UInt64, name String, t DateTime)
ENGINE = MergeTree ORDER BY id TTL t + INTERVAL 3650 DAY`,
  };
}

export function collection(name: string, brokers: string, member: string, more = ""): string {
  return `CREATE NAMED COLLECTION ${name} AS kafka_broker_list = '${brokers}', \`kafka.group_instance_id\` = '${member}', \`kafka.heartbeat_interval_ms\` = '1000', \`kafka.topic_metadata_refresh_interval_ms\` = '5000'${more}`;
}

/** `files` with edits: a function of an object's text, or a new text; undefined takes the file away. */
export type Edits = Readonly<Record<string, string | undefined | ((sql: string) => string)>>;

export function edited(files: Files, edits: Edits): Record<string, string> {
  const result: Record<string, string> = { ...files };
  for (const [name, edit] of Object.entries(edits)) {
    if (edit === undefined) Reflect.deleteProperty(result, name);
    else result[name] = typeof edit === "string" ? edit : edit(result[name] ?? "");
  }
  return result;
}

/** An edit that puts `by` in the place of `text`, which has to be there. */
export function swap(text: string, by: string): (sql: string) => string {
  return (sql) => {
    if (!sql.includes(text)) throw new Error(`${text} is not in: ${sql}`);
    return sql.replace(text, by);
  };
}

export function chain(...edits: ((sql: string) => string)[]): (sql: string) => string {
  return (sql) => edits.reduce((sofar, edit) => edit(sofar), sql);
}

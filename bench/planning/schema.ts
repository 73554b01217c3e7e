import type { Files } from "../lib/deployment";

/** Objects of one stream: a Kafka table, its target, the view between, a rollup and its view. */
const OBJECTS_OF_A_STREAM = 5;
/** Streams, beside which the rest are tables and plain views in equal parts. */
const SHARE_OF_STREAMS = 0.5;

/**
 * A warehouse of so many objects, of the project's own kinds.
 * @param mark Stands in each comment, so that no file was ever seen before.
 */
export function schemaOf(objects: number, brokers: string, mark: string): Files {
  const streams = Math.round((objects * SHARE_OF_STREAMS) / OBJECTS_OF_A_STREAM);
  const files: Record<string, string> = {};
  for (let i = 0; i < streams; i++) Object.assign(files, streamOf(i, brokers, mark));
  for (let i = 0; Object.keys(files).length < objects; i++) {
    files[`dimension_${i}`] = `CREATE TABLE dimension_${i}
(id UInt64, name LowCardinality(String), updated_at DateTime)
ENGINE = ReplacingMergeTree(updated_at) ORDER BY id COMMENT '${mark}'`;
    if (Object.keys(files).length < objects)
      files[`latest_${i}`] =
        `CREATE VIEW latest_${i} AS SELECT id, name FROM dimension_${i} FINAL WHERE name != '${mark}'`;
  }
  return files;
}

function streamOf(i: number, brokers: string, mark: string): Files {
  return {
    [`kafka_events_${i}`]: `CREATE TABLE kafka_events_${i}
(id UInt64, name String, value UInt32, t DateTime)
ENGINE = Kafka
SETTINGS kafka_broker_list = '${brokers}', kafka_topic_list = 'events_${i}', kafka_group_name = 'events_${i}',
    kafka_format = 'JSONEachRow', kafka_flush_interval_ms = 500`,
    [`events_${i}`]: `CREATE TABLE events_${i}
(id UInt64, name LowCardinality(String) CODEC(ZSTD(1)), value UInt32, t DateTime, INDEX by_name name TYPE set(100) GRANULARITY 4)
ENGINE = MergeTree PARTITION BY toYYYYMMDD(t) ORDER BY (id, t) TTL t + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 1000 COMMENT '${mark}'`,
    [`events_${i}_mv`]: `CREATE MATERIALIZED VIEW events_${i}_mv TO events_${i} AS
SELECT id, name, value, t FROM kafka_events_${i} WHERE name != '${mark}'`,
    [`hourly_${i}`]: `CREATE TABLE hourly_${i}
(hour DateTime, id UInt64, total AggregateFunction(sum, UInt32))
ENGINE = AggregatingMergeTree ORDER BY (hour, id) COMMENT '${mark}'`,
    [`hourly_${i}_mv`]: `CREATE MATERIALIZED VIEW hourly_${i}_mv TO hourly_${i} AS
SELECT toStartOfHour(t) AS hour, id, sumState(value) AS total FROM events_${i} WHERE name != '${mark}' GROUP BY hour, id`,
  };
}

/** The same warehouse with a change in every object. */
export function changedSchema(files: Files): Files {
  const changed = Object.entries(files).map(([name, sql]) => [name, changeOf(name, sql)] as const);
  return Object.fromEntries(changed);
}

function changeOf(name: string, sql: string): string {
  if (name.startsWith("kafka_")) return sql.replace("interval_ms = 500", "interval_ms = 250");
  if (sql.includes(" VIEW ")) return sql.replace("name != '", "name != 'not ");
  return name.startsWith("hourly_")
    ? sql.replace(", total", ", added SimpleAggregateFunction(max, UInt8), total")
    : sql.replace("(id UInt64,", "(id UInt64, added UInt8 DEFAULT 1,");
}

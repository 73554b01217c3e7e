import { afterValue, inPlace, setting, type Case } from "./case";
import { swap } from "./schema";

const table = (name: string, edit: (sql: string) => string): Case => ({
  name,
  edits: { events: edit },
  label: inPlace("events"),
});

/** Changes of a table alone, each done in place. */
export const tableCases: Case[] = [
  table("column added to the table", afterValue("source String DEFAULT 'kafka'")),
  table("column added in front", swap("(\n", "(\n    seen UInt8,\n")),
  table("column with a codec", afterValue("note String CODEC(ZSTD(3))")),
  table("materialized column", afterValue("day Date MATERIALIZED toDate(t)")),
  table("default changed", swap("DEFAULT 'kafka'", "DEFAULT 'topic'")),
  table("default removed", swap(" DEFAULT 'topic'", "")),
  table("codec changed", swap("CODEC(ZSTD(3))", "CODEC(ZSTD(6))")),
  table("codec removed", swap(" CODEC(ZSTD(6))", "")),
  table("column comment", swap("note String", "note String COMMENT 'free text'")),
  table("type widened", swap("value UInt32", "value UInt64")),
  table("string made LowCardinality", swap("name String", "name LowCardinality(String)")),
  table("column made Nullable", swap("note String", "note Nullable(String)")),
  table("column TTL", swap("source String", "source String TTL t + INTERVAL 60 DAY")),
  table("TTL longer", swap("TTL t + INTERVAL 90 DAY", "TTL t + INTERVAL 120 DAY")),
  table("TTL removed", swap("TTL t + INTERVAL 120 DAY\n", "")),
  table("TTL added", swap("SETTINGS", "TTL t + INTERVAL 365 DAY\nSETTINGS")),
  table("setting changed", swap("_window = 1000", "_window = 2000")),
  table("setting added", setting("fsync_after_insert = 0")),
  table("setting removed", swap(", fsync_after_insert = 0", "")),
  table("table comment", (sql) => `${sql} COMMENT 'what happened'`),
  table(
    "skip index added",
    swap(
      "    t DateTime",
      "    t DateTime,\n    INDEX by_name name TYPE bloom_filter GRANULARITY 4",
    ),
  ),
  table(
    "skip index changed",
    swap("TYPE bloom_filter GRANULARITY 4", "TYPE set(100) GRANULARITY 2"),
  ),
  table(
    "projection added",
    swap(
      "GRANULARITY 2",
      "GRANULARITY 2,\n    PROJECTION by_game (SELECT name, count() GROUP BY name)",
    ),
  ),
  table(
    "projection dropped",
    swap(",\n    PROJECTION by_game (SELECT name, count() GROUP BY name)", ""),
  ),
  table("skip index dropped", swap(",\n    INDEX by_name name TYPE set(100) GRANULARITY 2", "")),
  table(
    "constraint added",
    swap("    t DateTime", "    t DateTime,\n    CONSTRAINT known CHECK value < 1000000"),
  ),
  table("constraint dropped", swap(",\n    CONSTRAINT known CHECK value < 1000000", "")),
  table("column moved", (sql) =>
    swap(
      "(\n",
      "(\n    note Nullable(String),\n",
    )(swap("    note Nullable(String) COMMENT 'free text',\n", "")(sql)).replace(
      "    note Nullable(String),\n",
      "    note Nullable(String) COMMENT 'free text',\n",
    ),
  ),
];

-- The keys of the rows that came to be stored: for each table, day and key, the times as a bitmap of seconds.
-- It is what `npm run audit` holds the tables against.
CREATE TABLE steam_ledger_keys
(
    table LowCardinality(String),
    day Date,
    key UInt64,
    times AggregateFunction(groupBitmap, UInt32)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (table, day, key)
TTL day + toIntervalDay({ttlDays:UInt64})
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

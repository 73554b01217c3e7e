-- @rebuild
-- Messages that were refused, with why and where they stood: those that could not be parsed, whole, and those
-- that break the contract, as the engine read them. One row a message and broken row, however often it is delivered.
CREATE TABLE steam_dead_letters
(
    topic LowCardinality(String),
    partition UInt64,
    offset UInt64,
    key String,
    raw_message String,
    error String,
    message_time Nullable(DateTime),
    received_at DateTime DEFAULT now(),
    headers Array(Tuple(name String, value String)),
    read_as String COMMENT 'For a message that parsed: the refused row as JSON',
    replays UInt32 COMMENT 'How often it was sent to its topic again'
)
ENGINE = ReplacingMergeTree(replays)
PARTITION BY toYYYYMM(received_at)
ORDER BY (topic, partition, offset, read_as)
TTL received_at + toIntervalDay(30)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

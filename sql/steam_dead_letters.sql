-- Messages that could not be parsed, whole, with why and where they stood. One row a message.
CREATE TABLE steam_dead_letters
(
    topic LowCardinality(String),
    partition UInt64,
    offset UInt64,
    key String,
    raw_message String,
    error String,
    message_time Nullable(DateTime),
    received_at DateTime DEFAULT now()
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (topic, partition, offset)
TTL received_at + toIntervalDay(30)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

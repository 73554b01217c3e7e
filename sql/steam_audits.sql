-- What `npm run audit` found, a row a topic and audit: what alerts and panels read.
CREATE TABLE steam_audits
(
    checked_at DateTime,
    topic LowCardinality(String),
    complete Bool,
    stored UInt64 COMMENT 'Messages that gave rows',
    refused UInt64 COMMENT 'Messages that are dead letters',
    without_row UInt64 COMMENT 'Messages without a row: empty, null, control records, aborted, compacted',
    expired UInt64 COMMENT 'Messages that Kafka let go before they were read',
    waiting UInt64 COMMENT 'Messages still to be read',
    lost UInt64 COMMENT 'Messages that no view got and no reason excuses',
    delivered_again UInt64,
    missing_rows UInt64,
    repeated_rows UInt64,
    missing_letters UInt64,
    findings Array(String)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(checked_at)
ORDER BY (topic, checked_at)
TTL checked_at + toIntervalDay(90);

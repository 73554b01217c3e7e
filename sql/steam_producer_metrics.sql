-- What the producer counts, as it answers each 15 seconds: polls, errors, deliveries, and what waits in its spool.
-- Counters begin at 0 whenever it starts.
CREATE TABLE steam_producer_metrics
(
    at DateTime,
    name LowCardinality(String) COMMENT 'As at /metrics, without steamline_producer_',
    subject LowCardinality(String) COMMENT 'The source, topic, host or kind of error',
    detail LowCardinality(String) COMMENT 'The outcome or the quantile, or empty',
    value Float64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (name, subject, detail, at)
TTL at + toIntervalDay({ttlDays:UInt64});

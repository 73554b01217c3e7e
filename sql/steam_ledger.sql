-- Which offsets came off each partition, and what became of each: exact, as compressed bitmaps of a million offsets.
-- Entering an offset again changes nothing but `again`. What no view can see, such as a message without a value,
-- `npm run audit` enters once it has looked at it in Kafka.
CREATE TABLE steam_ledger
(
    table LowCardinality(String),
    topic LowCardinality(String),
    partition UInt64,
    bucket UInt64 COMMENT 'The offset divided by 1048576',
    fate Enum8('stored' = 1, 'refused' = 2, 'empty' = 3, 'null value' = 4, 'control record' = 5, 'aborted' = 6, 'compacted' = 7, 'expired' = 8, 'before the ledger' = 9, 'lost' = 10),
    offsets AggregateFunction(groupBitmap, UInt64),
    again AggregateFunction(groupBitmap, UInt64) COMMENT 'Offsets that were delivered more than once'
)
ENGINE = AggregatingMergeTree
ORDER BY (table, topic, partition, bucket, fate)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

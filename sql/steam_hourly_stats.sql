-- Sums by hour and game. Rows of one key are added up when parts merge, so sum() them in a query.
CREATE TABLE steam_hourly_stats
(
    hour DateTime,
    game_id UInt32,
    total_players UInt64,
    records UInt64
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMMDD(hour)
ORDER BY (hour, game_id)
TTL hour + toIntervalDay({ttlDays:UInt64})
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

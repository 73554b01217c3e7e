-- Players and polls by hour and game, counted from the rows themselves: another count replaces the one before, so
-- that nothing is added up twice. Panels read this one; steam_hourly_stats is the guide's.
CREATE TABLE steam_hourly_players
(
    hour DateTime,
    game_id UInt32,
    total_players UInt64,
    records UInt64,
    counted_at DateTime64(3)
)
ENGINE = ReplacingMergeTree(counted_at)
PARTITION BY toYYYYMMDD(hour)
ORDER BY (hour, game_id)
TTL hour + toIntervalDay({ttlDays:UInt64})
-- As steam_top_games: a day that is over is read without a look for rows that replace each other.
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_age_to_force_merge_seconds = 3600,
    min_age_to_force_merge_on_partition_only = 1;

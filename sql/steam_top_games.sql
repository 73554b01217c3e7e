-- @rebuild
-- The ranking: one row a game and poll. A poll is a snapshot, all of its rows carry the same fetch_time (UTC).
-- Rows of one key are one row to the reader, whose account asks with final = 1, and after a merge.
CREATE TABLE steam_top_games
(
    game_id UInt32,
    game_name String,
    current_players UInt32,
    peak_today UInt32,
    rank UInt16,
    fetch_time DateTime,
    INDEX idx_game_name game_name TYPE bloom_filter GRANULARITY 4
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMMDD(fetch_time)
ORDER BY (game_id, fetch_time)
TTL fetch_time + toIntervalDay({ttlDays:UInt64})
-- A block that is written again, because its offsets were not committed, is recognised and not stored twice.
-- Offsets are committed once rows are on disk, so that a power cut cannot lose what Kafka thinks was read. Nor can
-- it once parts have been merged, where the engine would leave the new part to the kernel and remove the synced ones.
-- A day that is over becomes one part, in which rows of one key are one row: a query need not look for them there.
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_age_to_force_merge_seconds = 3600,
    min_age_to_force_merge_on_partition_only = 1;

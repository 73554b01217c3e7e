-- @rebuild
-- What the store says of a game: one row a game and visit. Prices are in units of the currency.
-- review_score is the store's own scale, from 0 (none) to 9 (overwhelmingly positive).
CREATE TABLE steam_game_details
(
    game_id UInt32,
    game_name String,
    genres Array(String),
    original_price Decimal(10, 2),
    final_price Decimal(10, 2),
    discount_percent UInt8,
    currency LowCardinality(String),
    review_score UInt8,
    fetch_time DateTime
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(fetch_time)
ORDER BY (game_id, fetch_time)
TTL fetch_time + toIntervalDay({ttlDays:UInt64})
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1;

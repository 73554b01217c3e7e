-- A copy at each replica of a cluster. Needs a Keeper and a second node: for the official server.
CREATE TABLE steam_top_games_replica
(
    game_id UInt32,
    game_name String,
    current_players UInt32,
    peak_today UInt32,
    rank UInt16,
    fetch_time DateTime
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/steam_top_games', '{replica}')
PARTITION BY toYYYYMMDD(fetch_time)
ORDER BY (game_id, fetch_time);

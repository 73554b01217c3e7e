-- The guide's form of the hourly sums, which keeps its rows in a table of its own. sql/ declares a view and a
-- table instead, so that the view's query can change and the rows stay.
CREATE MATERIALIZED VIEW steam_hourly_stats_inner
ENGINE = SummingMergeTree()
PARTITION BY toYYYYMMDD(hour)
ORDER BY (hour, game_id)
AS SELECT
    toStartOfHour(fetch_time) AS hour,
    game_id,
    sum(current_players) AS total_players,
    count() AS records
FROM steam_top_games
GROUP BY hour, game_id;

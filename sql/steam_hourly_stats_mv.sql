-- Adds each block of rows that reaches steam_top_games to the hour's sums.
CREATE MATERIALIZED VIEW steam_hourly_stats_mv TO steam_hourly_stats AS
SELECT
    toStartOfHour(fetch_time) AS hour,
    game_id,
    sum(current_players) AS total_players,
    count() AS records
FROM steam_top_games
GROUP BY hour, game_id;

-- Moves what kafka_steam_top_games reads into steam_top_games.
CREATE MATERIALIZED VIEW steam_top_games_mv TO steam_top_games AS
SELECT
    game_id,
    game_name,
    current_players,
    peak_today,
    rank,
    fetch_time
FROM kafka_steam_top_games
WHERE length(_error) = 0;

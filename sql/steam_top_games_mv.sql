-- Moves what kafka_steam_top_games reads into steam_top_games. What is not stored, steam_top_games_dead_letters_mv keeps:
-- both have the same contract.
CREATE MATERIALIZED VIEW steam_top_games_mv TO steam_top_games AS
SELECT
    game_id,
    game_name,
    current_players,
    peak_today,
    rank,
    fetch_time
FROM kafka_steam_top_games
WHERE length(_error) = 0
    AND game_id BETWEEN 1 AND 4294967295 AND game_id = floor(game_id)
    AND current_players BETWEEN 1 AND 4294967295 AND current_players = floor(current_players)
    AND peak_today BETWEEN 1 AND 4294967295 AND peak_today = floor(peak_today)
    AND rank BETWEEN 1 AND 65535 AND rank = floor(rank)
    AND game_name != ''
    AND isValidUTF8(game_name)
    AND fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY;

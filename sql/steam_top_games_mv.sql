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
    AND isNotNull(accurateCastOrNull(game_id, 'UInt32'))
    AND isNotNull(accurateCastOrNull(current_players, 'UInt32'))
    AND isNotNull(accurateCastOrNull(peak_today, 'UInt32'))
    AND isNotNull(accurateCastOrNull(rank, 'UInt16'))
    AND isValidUTF8(game_name)
    AND fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY;

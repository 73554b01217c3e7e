-- Enters the keys of each block's rows that are to be stored.
CREATE MATERIALIZED VIEW steam_top_games_ledger_keys_mv TO steam_ledger_keys AS
SELECT
    'steam_top_games' AS table,
    toDate(assumeNotNull(fetch_time)) AS day,
    toUInt64(assumeNotNull(game_id)) AS key,
    groupBitmapState(toUInt32(assumeNotNull(fetch_time))) AS times
FROM kafka_steam_top_games
WHERE length(_error) = 0
    AND isNotNull(accurateCastOrNull(game_id, 'UInt32'))
    AND isNotNull(accurateCastOrNull(current_players, 'UInt32'))
    AND isNotNull(accurateCastOrNull(peak_today, 'UInt32'))
    AND isNotNull(accurateCastOrNull(rank, 'UInt16'))
    AND isValidUTF8(game_name)
    AND fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY
GROUP BY day, key;

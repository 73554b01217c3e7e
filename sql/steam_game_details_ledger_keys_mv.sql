-- Enters the keys of each block's rows that are to be stored.
CREATE MATERIALIZED VIEW steam_game_details_ledger_keys_mv TO steam_ledger_keys AS
SELECT
    'steam_game_details' AS table,
    toDate(assumeNotNull(fetch_time)) AS day,
    toUInt64(assumeNotNull(game_id)) AS key,
    groupBitmapState(toUInt32(assumeNotNull(fetch_time))) AS times
FROM kafka_steam_game_details
WHERE length(_error) = 0
    AND isNotNull(accurateCastOrNull(game_id, 'UInt32'))
    AND discount_percent BETWEEN 0 AND 100
    AND isNotNull(accurateCastOrNull(discount_percent, 'UInt8'))
    AND review_score BETWEEN 0 AND 9
    AND isNotNull(accurateCastOrNull(review_score, 'UInt8'))
    AND original_price >= 0
    AND final_price >= 0
    AND isValidUTF8(game_name)
    AND isValidUTF8(currency)
    AND arrayAll(genre -> isValidUTF8(genre), genres)
    AND fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY
GROUP BY day, key;

-- Keeps what kafka_steam_game_details could not parse, or what breaks the contract.
CREATE MATERIALIZED VIEW steam_game_details_dead_letters_mv TO steam_dead_letters AS
WITH
    (name, value, broken) -> multiIf(isNull(value), concat(name, ' is missing or null'), broken, concat(name, ' cannot be ', value), '') AS fault,
    [
        fault('game_id', toString(game_id), isNull(accurateCastOrNull(game_id, 'UInt32'))),
        fault('game_name', game_name, NOT isValidUTF8(game_name)),
        fault('genres', toString(genres), NOT arrayAll(genre -> isValidUTF8(genre), genres)),
        fault('original_price', toString(original_price), original_price < 0),
        fault('final_price', toString(final_price), final_price < 0),
        fault('discount_percent', toString(discount_percent), isNull(accurateCastOrNull(discount_percent, 'UInt8')) OR discount_percent > 100),
        fault('currency', currency, NOT isValidUTF8(currency)),
        fault('review_score', toString(review_score), isNull(accurateCastOrNull(review_score, 'UInt8')) OR review_score > 9),
        fault('fetch_time', toString(fetch_time), NOT (fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY))
    ] AS faults
SELECT
    _topic AS topic,
    _partition AS partition,
    _offset AS offset,
    _key AS key,
    _raw_message AS raw_message,
    if(length(_error) > 0, _error, concat('Contract: ', arrayStringConcat(arrayFilter(text -> text != '', faults), '; '))) AS error,
    _timestamp AS message_time,
    arrayZip(_headers.name, _headers.value) AS headers,
    if(length(_error) > 0, '', formatRowNoNewline('JSONEachRow', game_id, game_name, genres, original_price, final_price, discount_percent, currency, review_score, fetch_time)) AS read_as
FROM kafka_steam_game_details
WHERE length(_error) > 0
    OR NOT ifNull(
        isNotNull(accurateCastOrNull(game_id, 'UInt32'))
        AND discount_percent BETWEEN 0 AND 100
        AND isNotNull(accurateCastOrNull(discount_percent, 'UInt8'))
        AND review_score BETWEEN 0 AND 9
        AND isNotNull(accurateCastOrNull(review_score, 'UInt8'))
        AND original_price >= 0
        AND final_price >= 0
        AND isValidUTF8(game_name)
        AND isValidUTF8(currency)
        AND arrayAll(genre -> isValidUTF8(genre), genres)
        AND fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY,
        0);

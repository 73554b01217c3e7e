-- Keeps what kafka_steam_game_details could not parse, or what breaks the contract.
CREATE MATERIALIZED VIEW steam_game_details_dead_letters_mv TO steam_dead_letters AS
WITH
    (name, value, absent, absence, broken) -> multiIf(absent, concat(name, ' is ', absence), broken, concat(name, ' cannot be ', value), '') AS fault,
    [
        fault('game_id', toString(game_id), game_id = 0, 'missing, null or 0', NOT (game_id BETWEEN 1 AND 4294967295 AND game_id = floor(game_id))),
        fault('game_name', game_name, game_name = '', 'missing, null or empty', NOT isValidUTF8(game_name)),
        fault('genres', toString(genres), false, '', NOT arrayAll(genre -> isValidUTF8(genre), genres)),
        fault('original_price', toString(original_price), isNull(original_price), 'missing or null', original_price < 0),
        fault('final_price', toString(final_price), isNull(final_price), 'missing or null', final_price < 0),
        fault('discount_percent', toString(discount_percent), isNull(discount_percent), 'missing or null', NOT (discount_percent BETWEEN 0 AND 100 AND discount_percent = floor(discount_percent))),
        fault('currency', currency, isNull(currency), 'missing or null', NOT isValidUTF8(currency)),
        fault('review_score', toString(review_score), isNull(review_score), 'missing or null', NOT (review_score BETWEEN 0 AND 9 AND review_score = floor(review_score))),
        fault('fetch_time', toString(fetch_time), fetch_time = toDateTime(0), 'missing, null or before 1970', NOT (fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY))
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
        game_id BETWEEN 1 AND 4294967295 AND game_id = floor(game_id)
        AND discount_percent BETWEEN 0 AND 100 AND discount_percent = floor(discount_percent)
        AND review_score BETWEEN 0 AND 9 AND review_score = floor(review_score)
        AND original_price >= 0
        AND final_price >= 0
        AND game_name != ''
        AND isValidUTF8(game_name)
        AND isValidUTF8(currency)
        AND arrayAll(genre -> isValidUTF8(genre), genres)
        AND fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY,
        0);

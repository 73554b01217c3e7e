-- Keeps what kafka_steam_top_games could not parse, or what breaks the contract.
CREATE MATERIALIZED VIEW steam_top_games_dead_letters_mv TO steam_dead_letters AS
WITH
    (name, value, broken) -> multiIf(isNull(value), concat(name, ' is missing or null'), broken, concat(name, ' cannot be ', value), '') AS fault,
    [
        fault('game_id', toString(game_id), isNull(accurateCastOrNull(game_id, 'UInt32'))),
        fault('current_players', toString(current_players), isNull(accurateCastOrNull(current_players, 'UInt32'))),
        fault('peak_today', toString(peak_today), isNull(accurateCastOrNull(peak_today, 'UInt32'))),
        fault('rank', toString(rank), isNull(accurateCastOrNull(rank, 'UInt16'))),
        fault('game_name', game_name, NOT isValidUTF8(game_name)),
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
    if(length(_error) > 0, '', formatRowNoNewline('JSONEachRow', game_id, game_name, current_players, peak_today, rank, fetch_time)) AS read_as
FROM kafka_steam_top_games
WHERE length(_error) > 0
    OR NOT ifNull(
        isNotNull(accurateCastOrNull(game_id, 'UInt32'))
        AND isNotNull(accurateCastOrNull(current_players, 'UInt32'))
        AND isNotNull(accurateCastOrNull(peak_today, 'UInt32'))
        AND isNotNull(accurateCastOrNull(rank, 'UInt16'))
        AND isValidUTF8(game_name)
        AND fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY,
        0);

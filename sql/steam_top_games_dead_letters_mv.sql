-- Keeps what kafka_steam_top_games could not parse, or what breaks the contract.
CREATE MATERIALIZED VIEW steam_top_games_dead_letters_mv TO steam_dead_letters AS
WITH
    (name, value, absent, absence, broken) -> multiIf(absent, concat(name, ' is ', absence), broken, concat(name, ' cannot be ', value), '') AS fault,
    [
        fault('game_id', toString(game_id), game_id = 0, 'missing, null or 0', NOT (game_id BETWEEN 1 AND 4294967295 AND game_id = floor(game_id))),
        fault('current_players', toString(current_players), current_players = 0, 'missing, null or 0', NOT (current_players BETWEEN 1 AND 4294967295 AND current_players = floor(current_players))),
        fault('peak_today', toString(peak_today), peak_today = 0, 'missing, null or 0', NOT (peak_today BETWEEN 1 AND 4294967295 AND peak_today = floor(peak_today))),
        fault('rank', toString(rank), rank = 0, 'missing, null or 0', NOT (rank BETWEEN 1 AND 65535 AND rank = floor(rank))),
        fault('game_name', game_name, game_name = '', 'missing, null or empty', NOT isValidUTF8(game_name)),
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
    if(length(_error) > 0, '', formatRowNoNewline('JSONEachRow', game_id, game_name, current_players, peak_today, rank, fetch_time)) AS read_as
FROM kafka_steam_top_games
WHERE length(_error) > 0
    OR NOT (
        game_id BETWEEN 1 AND 4294967295 AND game_id = floor(game_id)
        AND current_players BETWEEN 1 AND 4294967295 AND current_players = floor(current_players)
        AND peak_today BETWEEN 1 AND 4294967295 AND peak_today = floor(peak_today)
        AND rank BETWEEN 1 AND 65535 AND rank = floor(rank)
        AND game_name != ''
        AND isValidUTF8(game_name)
        AND fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY);

-- Keeps what kafka_steam_game_details could not parse.
CREATE MATERIALIZED VIEW steam_game_details_dead_letters_mv TO steam_dead_letters AS
SELECT
    _topic AS topic,
    _partition AS partition,
    _offset AS offset,
    _key AS key,
    _raw_message AS raw_message,
    _error AS error,
    _timestamp AS message_time
FROM kafka_steam_game_details
WHERE length(_error) > 0;

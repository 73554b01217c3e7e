-- Consumes the ranking's topic. Columns as in steam_top_games, read wider than they are stored: a number that is
-- missing, null, out of range or broken stays visible, where a narrow type would turn it into another number.
-- What is missing is read as 0 or as empty, which no game, name, rank or time is, nor the players of a game that is
-- ranked by them. Where 0 is a value a column has to be Nullable, which makes reading a twentieth slower.
-- A message that does not parse becomes a row with its error. The views decide what is stored, and steam_dead_letters
-- keeps the rest.
CREATE TABLE kafka_steam_top_games
(
    game_id Float64,
    game_name String,
    current_players Float64,
    peak_today Float64,
    rank Float64,
    fetch_time DateTime
)
ENGINE = Kafka(steam_kafka)
SETTINGS
    kafka_topic_list = {topGamesTopic:String},
    kafka_group_name = {topGamesGroup:String},
    kafka_format = {messageFormat:String},
    format_schema_source = 'string',
    format_schema = {topGamesSchema:String},
    format_schema_message_name = 'SteamTopGames',
    kafka_num_consumers = 1,
    kafka_flush_interval_ms = {flushIntervalMs:UInt64},
    kafka_handle_error_mode = 'stream',
    input_format_json_read_bools_as_numbers = 0,
    input_format_json_read_bools_as_strings = 0,
    input_format_json_read_numbers_as_strings = 0,
    input_format_json_read_objects_as_strings = 0,
    input_format_json_read_arrays_as_strings = 0;

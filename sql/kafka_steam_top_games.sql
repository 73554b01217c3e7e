-- Consumes the ranking's topic. Columns as in steam_top_games.
-- A message that does not parse becomes a row with its error, which steam_dead_letters keeps.
CREATE TABLE kafka_steam_top_games
(
    game_id UInt32,
    game_name String,
    current_players UInt32,
    peak_today UInt32,
    rank UInt16,
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
    kafka_handle_error_mode = 'stream';

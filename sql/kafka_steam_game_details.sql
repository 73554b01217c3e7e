-- Consumes the details' topic. Columns as in steam_game_details, read wider than they are stored, as
-- kafka_steam_top_games tells.
CREATE TABLE kafka_steam_game_details
(
    game_id Float64,
    game_name String,
    genres Array(String),
    original_price Nullable(Decimal(10, 2)),
    final_price Nullable(Decimal(10, 2)),
    discount_percent Nullable(Float64),
    currency Nullable(String),
    review_score Nullable(Float64),
    fetch_time DateTime
)
ENGINE = Kafka(steam_kafka)
SETTINGS
    kafka_topic_list = {detailsTopic:String},
    kafka_group_name = {detailsGroup:String},
    kafka_format = {messageFormat:String},
    format_schema_source = 'string',
    format_schema = {detailsSchema:String},
    format_schema_message_name = 'SteamGameDetails',
    kafka_num_consumers = 1,
    kafka_flush_interval_ms = {flushIntervalMs:UInt64},
    kafka_handle_error_mode = 'stream',
    input_format_json_read_bools_as_numbers = 0,
    input_format_json_read_bools_as_strings = 0,
    input_format_json_read_numbers_as_strings = 0,
    input_format_json_read_objects_as_strings = 0,
    input_format_json_read_arrays_as_strings = 0;

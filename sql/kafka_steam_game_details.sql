-- Consumes the details' topic. Columns as in steam_game_details.
CREATE TABLE kafka_steam_game_details
(
    game_id UInt32,
    game_name String,
    genres Array(String),
    original_price Decimal(10, 2),
    final_price Decimal(10, 2),
    discount_percent UInt8,
    currency LowCardinality(String),
    review_score UInt8,
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
    kafka_handle_error_mode = 'stream';

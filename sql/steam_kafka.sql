-- Where the broker is, so that no address stands in a table's definition.
-- The static member id lets a replaced Kafka table, or a restarted server, take up its partitions within
-- a second, instead of after the session time-out of its predecessor.
-- The client's own statistics, lag and broker state among them, are what system.kafka_consumers shows of it.
-- A broker that is back is found within a second, instead of up to ten.
-- That another consumer came or went is noticed within a second, instead of three.
-- The topics are looked at every ten seconds, so that partitions added to them are read soon.
CREATE NAMED COLLECTION steam_kafka AS
    kafka_broker_list = {brokers:String},
    `kafka.group_instance_id` = {instanceId:String},
    `kafka.reconnect_backoff_max_ms` = '1000',
    `kafka.heartbeat_interval_ms` = '1000',
    `kafka.topic_metadata_refresh_interval_ms` = '10000',
    `kafka.statistics_interval_ms` = '5000';

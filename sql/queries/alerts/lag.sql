-- Messages of each topic that ClickHouse has not read yet.
SELECT
    of_topic.1 AS topic,
    toFloat64(sum(JSONExtractInt(of_partition.2, 'consumer_lag'))) AS lag
FROM system.kafka_consumers
ARRAY JOIN JSONExtractKeysAndValuesRaw(rdkafka_stat, 'topics') AS of_topic
ARRAY JOIN JSONExtractKeysAndValuesRaw(of_topic.2, 'partitions') AS of_partition
WHERE JSONExtractInt(of_partition.2, 'consumer_lag') >= 0
GROUP BY of_topic.1

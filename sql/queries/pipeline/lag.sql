-- Messages of each partition that ClickHouse has not read yet, as its Kafka client last reported.
SELECT
    concat(of_topic.1, ' ', of_partition.1) AS partition,
    max(JSONExtractInt(of_partition.2, 'consumer_lag')) AS lag
FROM system.kafka_consumers
ARRAY JOIN JSONExtractKeysAndValuesRaw(rdkafka_stat, 'topics') AS of_topic
ARRAY JOIN JSONExtractKeysAndValuesRaw(of_topic.2, 'partitions') AS of_partition
WHERE JSONExtractInt(of_partition.2, 'consumer_lag') >= 0
GROUP BY of_topic.1, of_partition.1
ORDER BY of_topic.1, toInt32(of_partition.1)

-- Messages that ClickHouse has not read yet, of all topics.
SELECT sum(lag) AS lag
FROM
(
    SELECT max(JSONExtractInt(of_partition.2, 'consumer_lag')) AS lag
    FROM system.kafka_consumers
    ARRAY JOIN JSONExtractKeysAndValuesRaw(rdkafka_stat, 'topics') AS of_topic
    ARRAY JOIN JSONExtractKeysAndValuesRaw(of_topic.2, 'partitions') AS of_partition
    WHERE JSONExtractInt(of_partition.2, 'consumer_lag') >= 0
    GROUP BY of_topic.1, of_partition.1
)
HAVING count() > 0

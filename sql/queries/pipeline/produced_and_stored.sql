-- What each topic was sent, beside what became of it. Rows that were deleted by age are still counted as sent.
WITH
    produced AS
    (
        SELECT
            of_topic.1 AS topic,
            any(replaceOne(table, 'kafka_', '')) AS target,
            sum(JSONExtractInt(of_partition.2, 'hi_offset')) AS sent,
            sum(JSONExtractInt(of_partition.2, 'consumer_lag')) AS waiting
        FROM system.kafka_consumers
        ARRAY JOIN JSONExtractKeysAndValuesRaw(rdkafka_stat, 'topics') AS of_topic
        ARRAY JOIN JSONExtractKeysAndValuesRaw(of_topic.2, 'partitions') AS of_partition
        WHERE JSONExtractInt(of_partition.2, 'consumer_lag') >= 0
        GROUP BY of_topic.1
    ),
    held AS
    (
        SELECT table, sum(rows) AS rows
        FROM system.parts
        WHERE active AND database = currentDatabase()
        GROUP BY table
    ),
    bad AS (SELECT topic, count() AS messages FROM steam_dead_letters GROUP BY topic)
SELECT
    produced.topic AS topic,
    produced.sent AS sent,
    held.rows AS stored,
    bad.messages AS unreadable,
    produced.waiting AS waiting
FROM produced
LEFT JOIN held ON held.table = produced.target
LEFT JOIN bad ON bad.topic = produced.topic
ORDER BY topic

-- What went wrong while reading from Kafka, newest first, as far back as each consumer remembers.
SELECT
    time,
    table,
    text
FROM system.kafka_consumers
ARRAY JOIN `exceptions.time` AS time, `exceptions.text` AS text
WHERE database = currentDatabase()
ORDER BY time DESC
LIMIT 20

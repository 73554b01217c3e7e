-- Seconds since each Kafka table last asked the broker for messages.
SELECT
    table,
    dateDiff('second', max(last_poll_time), now()) AS age
FROM system.kafka_consumers
WHERE database = currentDatabase() AND last_poll_time > toDateTime(0)
GROUP BY table
ORDER BY table

-- The consumers of the Kafka tables. One reads if it asked within the last minute. A time that never came is empty, not 1970.
SELECT
    table,
    arrayStringConcat(arrayMap(id -> toString(id), arraySort(`assignments.partition_id`)), ', ') AS partitions,
    num_messages_read AS messages,
    nullIf(last_poll_time, toDateTime(0)) AS last_poll,
    nullIf(last_commit_time, toDateTime(0)) AS last_commit,
    num_commits AS commits,
    last_poll_time > now() - INTERVAL 1 MINUTE AS reading
FROM system.kafka_consumers
WHERE database = currentDatabase()
ORDER BY table, consumer_id

-- The brokers as ClickHouse's Kafka clients see them: state, and how long an answer takes.
SELECT
    table,
    broker.1 AS address,
    JSONExtractString(broker.2, 'state') AS state,
    JSONExtractInt(broker.2, 'rtt', 'p99') / 1e6 AS slowest_answer,
    JSONExtractInt(broker.2, 'connects') AS connects,
    JSONExtractInt(broker.2, 'rxerrs') + JSONExtractInt(broker.2, 'txerrs') AS errors,
    JSONExtractInt(broker.2, 'req_timeouts') AS timeouts
FROM system.kafka_consumers
ARRAY JOIN JSONExtractKeysAndValuesRaw(rdkafka_stat, 'brokers') AS broker
WHERE database = currentDatabase() AND JSONExtractInt(broker.2, 'nodeid') >= 0
ORDER BY table, address

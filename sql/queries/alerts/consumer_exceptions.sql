-- Exceptions while reading from Kafka in the time the rule looks at.
SELECT toFloat64(countIf($__timeFilter(time))) AS exceptions
FROM system.kafka_consumers
ARRAY JOIN `exceptions.time` AS time

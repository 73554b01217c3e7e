-- The most records that waited for Kafka in the producer's spool.
SELECT $__timeInterval(at) AS time, max(value) AS waiting
FROM steam_producer_metrics
WHERE name = 'spool_records' AND $__timeFilter(at)
GROUP BY time
ORDER BY time

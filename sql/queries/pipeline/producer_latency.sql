-- Time from a batch's first record to its acknowledgement, of the minute before, at worst.
SELECT
    $__timeInterval(at) AS time,
    maxIf(value, detail = '0.5') AS half,
    maxIf(value, detail = '0.99') AS nearly_all
FROM steam_producer_metrics
WHERE name = 'recent_delivery_seconds' AND $__timeFilter(at)
GROUP BY time
ORDER BY time

-- When each source was last polled with success, and each topic last reached, as the producer last told.
SELECT
    subject AS what,
    toDateTime(argMax(value, at)) AS last_success,
    dateDiff('second', last_success, now()) AS age
FROM steam_producer_metrics
WHERE name = 'last_success_timestamp_seconds' AND at > now() - INTERVAL 1 DAY
GROUP BY what
ORDER BY what

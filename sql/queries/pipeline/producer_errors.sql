-- Failures of the producer by kind, by its own count. A bar is five minutes wide or a multiple.
WITH 300 * toUInt32(ceil($__interval_s / 300)) AS width
SELECT toStartOfInterval(at, toIntervalSecond(width)) AS time, subject AS kind, sum(more) AS errors
FROM
(
    SELECT
        at,
        subject,
        value - lagInFrame(value) OVER (PARTITION BY subject ORDER BY at) AS difference,
        if(difference < 0, value, difference) AS more
    FROM steam_producer_metrics
    WHERE name = 'errors_total' AND at > $__fromTime - INTERVAL 10 MINUTE
)
WHERE $__timeFilter(at)
GROUP BY time, kind
ORDER BY time, kind

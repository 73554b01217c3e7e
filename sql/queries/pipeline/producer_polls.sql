-- Polls a minute by source and outcome, by the producer's own count, which begins at 0 whenever it starts. What it said
-- before the chosen time tells how much came since.
SELECT
    $__timeInterval(at) AS time,
    concat(subject, ', ', detail) AS name,
    60 * sum(more) / $__interval_s AS polls
FROM
(
    SELECT
        at,
        subject,
        detail,
        value - lagInFrame(value) OVER (PARTITION BY subject, detail ORDER BY at) AS difference,
        if(difference < 0, value, difference) AS more
    FROM steam_producer_metrics
    WHERE name = 'polls_total' AND at > $__fromTime - INTERVAL 10 MINUTE
)
WHERE $__timeFilter(at)
GROUP BY time, name
ORDER BY time, name

-- Polls a minute by source and outcome, by the producer's own count, which begins at 0 whenever it starts. What it said
-- before the chosen time tells how much came since. A point is five minutes wide or a multiple.
WITH 300 * toUInt32(ceil($__interval_s / 300)) AS width
SELECT
    toStartOfInterval(at, toIntervalSecond(width)) AS time,
    concat(subject, ', ', detail) AS name,
    60 * sum(more) / width AS polls
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
-- A point that is only partly in the chosen time, or has only begun, would look like a loss.
HAVING time >= $__fromTime AND time + toIntervalSecond(width) <= least($__toTime, now())
ORDER BY time, name

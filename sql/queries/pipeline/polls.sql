-- Polls that arrived, as a part of those that were due. A point is ten polls wide or a multiple.
WITH 10 * ${poll_seconds} * toUInt32(ceil($__interval_s / (10 * ${poll_seconds}))) AS width
SELECT
    toStartOfInterval(fetch_time, toIntervalSecond(width)) AS time,
    least(1, uniqExact(fetch_time) / floor(width / ${poll_seconds})) AS arrived
FROM steam_top_games
WHERE $__timeFilter(fetch_time)
GROUP BY time
-- A point that is only partly in the chosen time, or has only begun, would look like a loss.
HAVING time >= $__fromTime AND time + toIntervalSecond(width) <= least($__toTime, now())
ORDER BY time

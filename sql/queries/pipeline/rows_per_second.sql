-- Rows by the time of their poll or visit, not of their arrival: a gap that is filled late is no gap here.
-- A point is ten polls wide or a multiple, so that the polls themselves do not show as waves.
WITH 10 * ${poll_seconds} * toUInt32(ceil($__interval_s / (10 * ${poll_seconds}))) AS width
SELECT time, name, rows / width AS rows_per_second
FROM
(
    SELECT toStartOfInterval(fetch_time, toIntervalSecond(width)) AS time, 'steam_top_games' AS name, count() AS rows
    FROM steam_top_games
    WHERE $__timeFilter(fetch_time)
    GROUP BY time
    UNION ALL
    SELECT toStartOfInterval(fetch_time, toIntervalSecond(width)) AS time, 'steam_game_details' AS name, count() AS rows
    FROM steam_game_details
    WHERE $__timeFilter(fetch_time)
    GROUP BY time
)
-- A point that is only partly in the chosen time, or has only begun, would look like a loss.
WHERE time >= $__fromTime AND time + toIntervalSecond(width) <= least($__toTime, now())
ORDER BY time, name

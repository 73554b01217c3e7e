-- Rows of the smallest poll: fewer than usual means that a poll came in part.
SELECT $__timeInterval(poll) AS time, min(games) AS fewest
FROM
(
    SELECT fetch_time AS poll, count() AS games
    FROM steam_top_games
    WHERE $__timeFilter(fetch_time)
    GROUP BY poll
)
GROUP BY time
ORDER BY time

-- Rows of the ranking by the day of its poll.
SELECT
    toDateTime(toStartOfDay(hour)) AS time,
    sum(records) AS rows
FROM steam_hourly_players
WHERE $__timeFilter(hour)
GROUP BY time
ORDER BY time

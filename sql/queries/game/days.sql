-- The game's players by day, in UTC.
SELECT
    toDateTime(toStartOfDay(hour)) AS time,
    sum(total_players) / sum(records) AS players
FROM steam_hourly_players
WHERE $__timeFilter(hour) AND game_id IN (0, ${game:csv})
GROUP BY time
ORDER BY time

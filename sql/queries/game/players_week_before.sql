-- The game's players a week before, drawn at the time they are to be compared with.
SELECT $__timeInterval(hour + INTERVAL 7 DAY) AS time, sum(total_players) / sum(records) AS week_before
FROM steam_hourly_players
WHERE $__timeFilter(hour + INTERVAL 7 DAY) AND game_id IN (0, ${game:csv})
GROUP BY time
ORDER BY time

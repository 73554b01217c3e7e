-- When in the day the game is played, in UTC, over the chosen time.
SELECT
    formatDateTime(hour, '%H:00') AS hour_of_day,
    sum(total_players) / sum(records) AS players
FROM steam_hourly_players
WHERE $__timeFilter(hour) AND game_id IN (0, ${game:csv})
GROUP BY hour_of_day
ORDER BY hour_of_day

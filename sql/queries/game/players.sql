-- The game's players: by poll up to two days, by hour beyond.
SELECT time, players
FROM
(
    SELECT $__timeInterval(fetch_time) AS time, avg(current_players) AS players
    FROM steam_top_games
    WHERE $__toTime - $__fromTime <= 172800 AND $__timeFilter(fetch_time) AND game_id IN (0, ${game:csv})
    GROUP BY time
    UNION ALL
    SELECT $__timeInterval(hour) AS time, sum(total_players) / sum(records) AS players
    FROM steam_hourly_players
    WHERE $__toTime - $__fromTime > 172800 AND $__timeFilter(hour) AND game_id IN (0, ${game:csv})
    GROUP BY time
)
ORDER BY time

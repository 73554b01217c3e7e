-- Players of the chosen games: by poll up to two days, by hour beyond.
SELECT time, game, players
FROM
(
    SELECT $__timeInterval(fetch_time) AS time, game_id, avg(current_players) AS players
    FROM steam_top_games
    WHERE $__toTime - $__fromTime <= 172800 AND $__timeFilter(fetch_time) AND game_id IN (0, ${game:csv})
    GROUP BY time, game_id
    UNION ALL
    SELECT $__timeInterval(hour) AS time, game_id, sum(total_players) / sum(records) AS players
    FROM steam_hourly_players
    WHERE $__toTime - $__fromTime > 172800 AND $__timeFilter(hour) AND game_id IN (0, ${game:csv})
    GROUP BY time, game_id
) AS trend
INNER JOIN
(
    SELECT game_id, any(game_name) AS game
    FROM steam_top_games
    WHERE $__timeFilter(fetch_time) AND game_id IN (0, ${game:csv})
    GROUP BY game_id
) AS names USING (game_id)
ORDER BY time, game

-- The most players that one game had in the chosen time. It is one of the five with the best hour.
SELECT
    argMax(game_name, current_players) AS game,
    max(current_players) AS players
FROM steam_top_games
WHERE $__timeFilter(fetch_time) AND game_id IN
(
    SELECT game_id
    FROM steam_hourly_players
    WHERE hour >= toStartOfHour($__fromTime) AND hour <= $__toTime
    GROUP BY game_id
    ORDER BY max(total_players / records) DESC
    LIMIT 5
)
HAVING count() > 0

-- When each game had most players in the chosen time. Only games that are among the biggest by their best hour
-- are looked at poll by poll, which leaves most rows unread.
SELECT
    any(game_name) AS game,
    max(current_players) AS players,
    argMax(fetch_time, current_players) AS at
FROM steam_top_games
WHERE $__timeFilter(fetch_time) AND game_id IN
(
    SELECT game_id
    FROM steam_hourly_players
    WHERE hour >= toStartOfHour($__fromTime) AND hour <= $__toTime
    GROUP BY game_id
    ORDER BY max(total_players / records) DESC
    LIMIT 25
)
GROUP BY game_id
ORDER BY players DESC
LIMIT 15

-- Choices of the variable: the games of the last day, those with most players first.
SELECT
    game_id AS value,
    any(game_name) AS text
FROM steam_top_games
WHERE fetch_time > (SELECT max(fetch_time) FROM steam_top_games) - INTERVAL 1 DAY
GROUP BY game_id
ORDER BY max(current_players) DESC

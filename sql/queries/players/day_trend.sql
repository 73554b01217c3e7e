-- The day up to the end of the chosen time, by hour, of each game in the newest poll.
WITH (SELECT max(fetch_time) FROM steam_top_games WHERE $__timeFilter(fetch_time)) AS newest
SELECT
    hour AS time,
    game,
    sum(total_players) / sum(records) AS players
FROM steam_hourly_players
INNER JOIN
(
    SELECT game_id, game_name AS game
    FROM steam_top_games
    WHERE fetch_time = newest
) AS ranked USING (game_id)
WHERE hour > newest - INTERVAL 1 DAY AND hour <= newest
GROUP BY time, game
ORDER BY time, game

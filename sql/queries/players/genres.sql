-- Players by genre in the newest poll. A game counts for each of its genres.
SELECT
    genre,
    sum(current_players) AS players
FROM steam_top_games AS g
INNER JOIN
(
    SELECT game_id, argMax(genres, fetch_time) AS genres
    FROM steam_game_details
    WHERE fetch_time <= $__toTime
    GROUP BY game_id
) AS d ON g.game_id = d.game_id
ARRAY JOIN d.genres AS genre
WHERE g.fetch_time = (SELECT max(fetch_time) FROM steam_top_games WHERE $__timeFilter(fetch_time))
GROUP BY genre
ORDER BY players DESC
LIMIT 12

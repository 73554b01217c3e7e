-- The newest poll beside the newest that the store says of each game.
SELECT
    g.game_name AS game,
    g.game_id AS game_id,
    g.current_players AS players,
    d.final_price AS price,
    d.discount_percent AS discount,
    d.currency AS currency,
    d.review_score AS reviews,
    arrayStringConcat(d.genres, ', ') AS genres
FROM steam_top_games AS g
INNER JOIN
(
    SELECT
        game_id,
        argMax(final_price, fetch_time) AS final_price,
        argMax(discount_percent, fetch_time) AS discount_percent,
        argMax(currency, fetch_time) AS currency,
        argMax(review_score, fetch_time) AS review_score,
        argMax(genres, fetch_time) AS genres
    FROM steam_game_details
    WHERE fetch_time <= $__toTime
    GROUP BY game_id
) AS d ON g.game_id = d.game_id
WHERE g.fetch_time = (SELECT max(fetch_time) FROM steam_top_games WHERE $__timeFilter(fetch_time))
ORDER BY players DESC

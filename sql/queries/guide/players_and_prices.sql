-- The guide's query 4: the ranking joined with what the store says. A game has a row for each poll of the hour.
SELECT
    g.game_name,
    g.current_players,
    d.original_price,
    d.discount_percent,
    d.review_score
FROM steam_top_games g
INNER JOIN (
    SELECT
        game_id,
        argMax(original_price, fetch_time) as original_price,
        argMax(discount_percent, fetch_time) as discount_percent,
        argMax(review_score, fetch_time) as review_score
    FROM steam_game_details
    GROUP BY game_id
) d ON g.game_id = d.game_id
WHERE g.fetch_time >= now() - INTERVAL 1 HOUR
ORDER BY g.current_players DESC
LIMIT 20;

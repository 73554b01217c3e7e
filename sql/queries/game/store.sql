-- The newest that the store says of the game.
SELECT
    final_price AS price,
    original_price AS full_price,
    discount_percent AS discount,
    review_score AS reviews,
    currency,
    arrayStringConcat(genres, ', ') AS genres
FROM steam_game_details
WHERE game_id IN (0, ${game:csv}) AND fetch_time <= $__toTime
ORDER BY fetch_time DESC
LIMIT 1

-- The game's price in the store.
SELECT
    $__timeInterval(fetch_time) AS time,
    argMax(final_price, fetch_time) AS price,
    argMax(original_price, fetch_time) AS full_price
FROM steam_game_details
WHERE game_id IN (0, ${game:csv}) AND $__timeFilter(fetch_time)
GROUP BY time
ORDER BY time

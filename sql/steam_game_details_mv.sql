-- Moves what kafka_steam_game_details reads into steam_game_details.
CREATE MATERIALIZED VIEW steam_game_details_mv TO steam_game_details AS
SELECT
    game_id,
    game_name,
    genres,
    original_price,
    final_price,
    discount_percent,
    currency,
    review_score,
    fetch_time
FROM kafka_steam_game_details
WHERE length(_error) = 0;

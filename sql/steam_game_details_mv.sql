-- Moves what kafka_steam_game_details reads into steam_game_details. What is not stored, steam_game_details_dead_letters_mv keeps:
-- both have the same contract.
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
WHERE length(_error) = 0
    AND game_id BETWEEN 1 AND 4294967295 AND game_id = floor(game_id)
    AND discount_percent BETWEEN 0 AND 100 AND discount_percent = floor(discount_percent)
    AND review_score BETWEEN 0 AND 9 AND review_score = floor(review_score)
    AND original_price >= 0
    AND final_price >= 0
    AND game_name != ''
    AND isValidUTF8(game_name)
    AND isValidUTF8(currency)
    AND arrayAll(genre -> isValidUTF8(genre), genres)
    AND fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY;

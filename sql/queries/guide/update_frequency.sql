-- The guide's query 3: how often figures arrive, by hour.
SELECT
    toStartOfHour(fetch_time) as hour,
    count() as record_count,
    count(DISTINCT game_id) as unique_games
FROM steam_top_games
WHERE fetch_time >= now() - INTERVAL 7 DAY
GROUP BY hour
ORDER BY hour DESC;

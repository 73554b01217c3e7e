-- The guide's query 2: the players of one game, Counter-Strike 2, by hour.
SELECT
    toStartOfHour(fetch_time) as hour,
    avg(current_players) as avg_players,
    max(current_players) as max_players
FROM steam_top_games
WHERE game_id = 730  -- CS2
  AND fetch_time >= now() - INTERVAL 24 HOUR
GROUP BY hour
ORDER BY hour DESC;

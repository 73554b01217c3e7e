-- The guide's query 1: the latest ranking.
SELECT
    rank,
    game_name,
    current_players,
    fetch_time
FROM steam_top_games
WHERE fetch_time = (SELECT max(fetch_time) FROM steam_top_games)
ORDER BY rank ASC
LIMIT 20;

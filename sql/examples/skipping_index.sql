-- A search by name, which idx_game_name lets pass over granules that cannot hold it.
SELECT *
FROM steam_top_games
WHERE game_name = 'Counter-Strike 2'
ORDER BY fetch_time;

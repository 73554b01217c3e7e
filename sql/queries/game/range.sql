-- The game's extremes in the chosen time, and how much of it the game was ranked.
SELECT
    max(current_players) AS most,
    min(current_players) AS fewest,
    avg(current_players) AS average,
    min(rank) AS best_position
FROM steam_top_games
WHERE game_id IN (0, ${game:csv}) AND $__timeFilter(fetch_time)
HAVING count() > 0

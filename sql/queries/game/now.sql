-- The game's line of the newest poll that has it.
SELECT
    game_name AS game,
    current_players AS players,
    rank AS position,
    peak_today AS peak
FROM steam_top_games
WHERE game_id IN (0, ${game:csv}) AND $__timeFilter(fetch_time)
ORDER BY fetch_time DESC
LIMIT 1

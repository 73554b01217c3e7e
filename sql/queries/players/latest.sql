-- The newest ranking up to the end of the chosen time.
SELECT
    rank,
    game_name,
    current_players,
    peak_today
FROM steam_top_games
WHERE fetch_time = (SELECT max(fetch_time) FROM steam_top_games WHERE fetch_time <= $__toTime)
ORDER BY rank

-- The games next to this one in its newest poll.
WITH
    (SELECT max(fetch_time) FROM steam_top_games WHERE game_id IN (0, ${game:csv}) AND $__timeFilter(fetch_time)) AS newest,
    (SELECT max(rank) FROM steam_top_games WHERE game_id IN (0, ${game:csv}) AND fetch_time = newest) AS here
SELECT
    rank AS position,
    game_name AS game,
    game_id,
    current_players AS players
FROM steam_top_games
WHERE fetch_time = newest AND toInt32(rank) BETWEEN toInt32(here) - 5 AND toInt32(here) + 5
ORDER BY position

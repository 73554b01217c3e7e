-- The game's place in the ranking.
SELECT $__timeInterval(fetch_time) AS time, min(rank) AS position
FROM steam_top_games
WHERE $__timeFilter(fetch_time) AND game_id IN (0, ${game:csv})
GROUP BY time
ORDER BY time

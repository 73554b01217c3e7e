-- The games that lost most players between the first and the last poll of the chosen time.
WITH
    (SELECT min(fetch_time) FROM steam_top_games WHERE $__timeFilter(fetch_time)) AS first,
    (SELECT max(fetch_time) FROM steam_top_games WHERE $__timeFilter(fetch_time)) AS last
SELECT
    anyIf(game_name, fetch_time = last) AS game,
    sumIf(toInt64(current_players), fetch_time = first) - sumIf(toInt64(current_players), fetch_time = last) AS lost
FROM steam_top_games
WHERE fetch_time IN (first, last) AND first < last
GROUP BY game_id
HAVING countIf(fetch_time = first) > 0 AND countIf(fetch_time = last) > 0 AND lost > 0
ORDER BY lost DESC
LIMIT 10

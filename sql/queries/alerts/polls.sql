-- Polls that arrived in the time the rule looks at.
SELECT toFloat64(uniqExact(fetch_time)) AS polls
FROM steam_top_games
WHERE $__timeFilter(fetch_time)

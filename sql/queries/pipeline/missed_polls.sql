-- Polls that are missing between the first and the last of the chosen time.
SELECT toUInt64(greatest(0, round(dateDiff('second', min(fetch_time), max(fetch_time)) / ${poll_seconds}) + 1 - uniqExact(fetch_time))) AS missed
FROM steam_top_games
WHERE $__timeFilter(fetch_time)
HAVING count() > 0

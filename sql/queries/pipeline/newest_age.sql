-- Seconds since the newest poll. No row, and not 1970, where there is none.
SELECT dateDiff('second', max(fetch_time), now()) AS age
FROM steam_top_games
HAVING count() > 0

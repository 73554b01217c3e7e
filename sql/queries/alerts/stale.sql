-- Seconds since the newest poll in ClickHouse.
SELECT dateDiff('second', max(fetch_time), now()) AS age
FROM steam_top_games
HAVING count() > 0

-- Seconds since the newest visit to the store in ClickHouse.
SELECT dateDiff('second', max(fetch_time), now()) AS age
FROM steam_game_details
HAVING count() > 0

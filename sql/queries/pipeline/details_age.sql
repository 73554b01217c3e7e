-- Seconds since the store was last asked about a game.
SELECT dateDiff('second', max(fetch_time), now()) AS age
FROM steam_game_details
HAVING count() > 0

-- The newest poll, each game beside its players an hour and a day before.
-- What was more than twice as long ago is not shown as an hour or a day.
WITH
    (SELECT max(fetch_time) FROM steam_top_games WHERE $__timeFilter(fetch_time)) AS newest,
    (
        SELECT max(fetch_time) FROM steam_top_games
        WHERE fetch_time > newest - INTERVAL 2 HOUR AND fetch_time <= newest - INTERVAL 1 HOUR
    ) AS hour_before,
    (
        SELECT max(fetch_time) FROM steam_top_games
        WHERE fetch_time > newest - INTERVAL 2 DAY AND fetch_time <= newest - INTERVAL 1 DAY
    ) AS day_before
SELECT
    maxIf(rank, fetch_time = newest) AS position,
    anyIf(game_name, fetch_time = newest) AS game,
    game_id,
    maxIf(current_players, fetch_time = newest) AS players,
    if(countIf(fetch_time = hour_before) = 0, NULL, toInt64(players) - toInt64(maxIf(current_players, fetch_time = hour_before))) AS change_hour,
    if(countIf(fetch_time = day_before) = 0, NULL, toInt64(players) - toInt64(maxIf(current_players, fetch_time = day_before))) AS change_day,
    maxIf(peak_today, fetch_time = newest) AS peak,
    players / peak AS of_peak
FROM steam_top_games
WHERE fetch_time IN (newest, hour_before, day_before)
GROUP BY game_id
HAVING countIf(fetch_time = newest) > 0
ORDER BY position

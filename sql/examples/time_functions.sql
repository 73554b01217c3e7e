-- Times as the guide takes them apart, of one poll at 2024-02-24 10:34:56.
SELECT
    now() >= toDateTime('2024-01-01 00:00:00') AS clock_runs,
    toYYYYMMDD(fetch_time) AS day,
    toStartOfHour(fetch_time) AS hour,
    toStartOfDay(fetch_time) AS midnight,
    fetch_time - INTERVAL 1 DAY AS day_before,
    fetch_time - INTERVAL 6 HOUR AS six_hours_before
FROM steam_top_games
WHERE game_id = 730
ORDER BY fetch_time
LIMIT 1;

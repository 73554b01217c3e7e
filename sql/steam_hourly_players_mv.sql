-- Counts each day anew that has had a part written since it was last counted.
CREATE MATERIALIZED VIEW steam_hourly_players_mv REFRESH EVERY 1 MINUTE APPEND TO steam_hourly_players AS
SELECT
    toStartOfHour(fetch_time) AS hour,
    game_id,
    sum(current_players) AS total_players,
    count() AS records,
    now64(3) AS counted_at
FROM steam_top_games FINAL
WHERE toYYYYMMDD(fetch_time) IN
    (
        SELECT written.day
        FROM
        (
            SELECT toUInt32OrZero(partition) AS day, max(modification_time) AS at
            FROM system.parts
            WHERE database = currentDatabase() AND table = 'steam_top_games' AND active
            GROUP BY day
        ) AS written
        LEFT JOIN
        (
            SELECT toYYYYMMDD(hour) AS day, max(counted_at) AS at
            FROM steam_hourly_players
            GROUP BY day
        ) AS counted USING (day)
        -- A part's time is in whole seconds, and a part may have come while the count before was being made.
        WHERE written.at + INTERVAL 10 SECOND >= counted.at
    )
GROUP BY hour, game_id;

-- Players of all ranked games: by poll up to two days, by hour beyond.
SELECT time, players
FROM
(
    SELECT
        $__timeInterval(fetch_time) AS time,
        sum(current_players) / uniqExact(fetch_time) AS players
    FROM steam_top_games
    WHERE $__toTime - $__fromTime <= 172800 AND $__timeFilter(fetch_time)
    GROUP BY time
    UNION ALL
    SELECT
        $__timeInterval(hour) AS time,
        avg(in_hour) AS players
    FROM
    (
        -- A game that is in every poll of the hour tells how many there were.
        SELECT hour, sum(players_of_game) / max(records_of_game) AS in_hour
        FROM
        (
            SELECT hour, game_id, sum(total_players) AS players_of_game, sum(records) AS records_of_game
            FROM steam_hourly_players
            WHERE $__toTime - $__fromTime > 172800 AND $__timeFilter(hour)
            GROUP BY hour, game_id
        )
        GROUP BY hour
    )
    GROUP BY time
)
ORDER BY time

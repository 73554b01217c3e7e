-- What part of all ranked players the ten biggest games have: by poll up to two days, by hour beyond.
SELECT time, share
FROM
(
    SELECT
        $__timeInterval(fetch_time) AS time,
        sumIf(current_players, rank <= 10) / sum(current_players) AS share
    FROM steam_top_games
    WHERE $__toTime - $__fromTime <= 172800 AND $__timeFilter(fetch_time)
    GROUP BY time
    UNION ALL
    SELECT
        $__timeInterval(hour) AS time,
        avg(in_hour) AS share
    FROM
    (
        SELECT
            hour,
            arraySum(arraySlice(arrayReverseSort(groupArray(players_of_game)), 1, 10)) / sum(players_of_game) AS in_hour
        FROM
        (
            SELECT hour, game_id, sum(total_players) AS players_of_game
            FROM steam_hourly_players
            WHERE $__toTime - $__fromTime > 172800 AND $__timeFilter(hour)
            GROUP BY hour, game_id
        )
        GROUP BY hour
    )
    GROUP BY time
)
ORDER BY time

-- When the game's discount changed, as marks on the time axis.
SELECT
    fetch_time AS time,
    if(discount_percent = 0, 'Sale is over', concat(toString(discount_percent), ' % off')) AS text
FROM
(
    SELECT
        fetch_time,
        discount_percent,
        lagInFrame(discount_percent, 1, discount_percent) OVER (ORDER BY fetch_time) AS before
    FROM steam_game_details
    WHERE game_id IN (0, ${game:csv}) AND $__timeFilter(fetch_time)
)
WHERE discount_percent != before
ORDER BY time

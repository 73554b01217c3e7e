-- Records that the producer dropped in the chosen time because its spool was full. No row where it told nothing.
SELECT sumIf(more, name = 'dropped_records_total') AS dropped
FROM
(
    SELECT
        at,
        name,
        value - lagInFrame(value) OVER (PARTITION BY name, subject ORDER BY at) AS difference,
        if(difference < 0, value, difference) AS more
    FROM steam_producer_metrics
    WHERE name IN ('dropped_records_total', 'spool_records') AND at > $__fromTime - INTERVAL 10 MINUTE
)
WHERE $__timeFilter(at)
HAVING count() > 0

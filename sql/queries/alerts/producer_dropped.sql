-- Records that the producer dropped in the time the rule looks at, because its spool was full. The counter begins with
-- the first that is dropped, so an increase is told from what the producer said before that time.
SELECT toFloat64(sum(more)) AS dropped
FROM
(
    SELECT
        at,
        value - lagInFrame(value) OVER (PARTITION BY subject ORDER BY at) AS difference,
        if(difference < 0, value, difference) AS more
    FROM steam_producer_metrics
    WHERE name = 'dropped_records_total' AND at > $__fromTime - INTERVAL 10 MINUTE
)
WHERE $__timeFilter(at)

-- Topics whose newest audit is not complete, of the audits in the time the rule looks at.
SELECT toFloat64(countIf(NOT whole)) AS incomplete
FROM
(
    SELECT topic, argMax(complete, checked_at) AS whole
    FROM steam_audits
    WHERE $__timeFilter(checked_at)
    GROUP BY topic
)

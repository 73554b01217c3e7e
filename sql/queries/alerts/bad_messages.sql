-- Messages that were refused in the time the rule looks at.
SELECT toFloat64(count()) AS messages
FROM steam_dead_letters
WHERE $__timeFilter(received_at)

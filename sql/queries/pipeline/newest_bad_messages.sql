-- The newest messages that could not be parsed, and why.
SELECT
    received_at,
    topic,
    partition,
    offset,
    error,
    substring(raw_message, 1, 200) AS message
FROM steam_dead_letters
WHERE $__timeFilter(received_at)
ORDER BY received_at DESC
LIMIT 50

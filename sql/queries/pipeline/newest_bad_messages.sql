-- The newest messages that were refused, and why.
SELECT
    received_at,
    topic,
    partition,
    offset,
    error,
    substring(if(raw_message = '', read_as, raw_message), 1, 200) AS message
FROM steam_dead_letters
WHERE $__timeFilter(received_at)
ORDER BY received_at DESC
LIMIT 50

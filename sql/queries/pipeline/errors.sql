-- Errors of the engine, those of anyone's queries among them, newest first.
SELECT
    last_error_time,
    name,
    value AS times,
    substring(last_error_message, 1, 200) AS last_message
FROM system.errors
WHERE $__timeFilter(last_error_time)
ORDER BY last_error_time DESC
LIMIT 20

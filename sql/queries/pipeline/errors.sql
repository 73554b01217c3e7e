-- Errors of the engine, those of anyone's queries among them, newest first. That a plan cannot be cloned is counted
-- as one, though the engine then goes on without: the view that counts hours has it do so each minute.
SELECT
    last_error_time,
    name,
    value AS times,
    substring(last_error_message, 1, 200) AS last_message
FROM system.errors
WHERE $__timeFilter(last_error_time) AND NOT (name = 'NOT_IMPLEMENTED' AND last_error_message LIKE 'Cannot clone %')
ORDER BY last_error_time DESC
LIMIT 20

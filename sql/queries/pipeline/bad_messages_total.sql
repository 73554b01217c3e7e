-- Messages of the chosen time that could not be parsed.
SELECT count() AS messages
FROM steam_dead_letters
WHERE $__timeFilter(received_at)

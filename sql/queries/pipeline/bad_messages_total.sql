-- Messages of the chosen time that were refused.
SELECT count() AS messages
FROM steam_dead_letters
WHERE $__timeFilter(received_at)

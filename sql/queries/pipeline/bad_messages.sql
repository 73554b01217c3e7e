-- Messages that were refused, by the time they were received.
SELECT $__timeInterval(received_at) AS time, topic, count() AS messages
FROM steam_dead_letters
WHERE $__timeFilter(received_at)
GROUP BY time, topic
ORDER BY time, topic

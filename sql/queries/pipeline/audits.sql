-- The newest audit of each topic, and what it found.
SELECT
    topic,
    checked_at,
    toUInt8(complete) AS complete,
    stored,
    refused,
    without_row,
    waiting,
    delivered_again,
    lost + missing_rows + repeated_rows + missing_letters AS gaps,
    arrayStringConcat(findings, '; ') AS found
FROM steam_audits
WHERE $__timeFilter(checked_at)
ORDER BY checked_at DESC, topic
LIMIT 1 BY topic

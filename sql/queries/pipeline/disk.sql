-- How full each disk of ClickHouse is.
SELECT
    name,
    1 - free_space / total_space AS used
FROM system.disks
WHERE total_space > 0
ORDER BY name

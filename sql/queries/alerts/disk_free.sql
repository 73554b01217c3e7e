-- Free part of each disk of ClickHouse.
SELECT
    name AS disk,
    unreserved_space / total_space AS free
FROM system.disks
WHERE total_space > 0

-- Bytes that ClickHouse can still write to its fullest disk.
SELECT min(unreserved_space) AS free
FROM system.disks
WHERE total_space > 0
HAVING count() > 0

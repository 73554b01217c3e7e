-- What each table holds, and how well it is packed.
SELECT
    table,
    sum(rows) AS rows,
    sum(bytes_on_disk) AS bytes,
    sum(data_uncompressed_bytes) / greatest(1, sum(data_compressed_bytes)) AS compression,
    count() AS parts,
    max(in_partition) AS most_parts
FROM
(
    SELECT
        *,
        count() OVER (PARTITION BY table, partition_id) AS in_partition
    FROM system.parts
    WHERE active AND database = currentDatabase()
)
GROUP BY table
ORDER BY bytes DESC

-- Merges and mutations that run now.
SELECT
    table,
    if(is_mutation, 'mutation', 'merge') AS work,
    progress,
    elapsed,
    num_parts AS parts,
    rows_read AS rows,
    total_size_bytes_compressed AS bytes
FROM system.merges
WHERE database = currentDatabase()
ORDER BY elapsed DESC

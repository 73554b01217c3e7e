-- What this engine tells of itself, to the account that the dashboards use.
SELECT
    source,
    shows,
    source IN (SELECT name FROM system.tables WHERE database = 'system') AS offered
FROM values('source String, shows String',
    ('kafka_consumers', 'consumers, lag, brokers, exceptions'),
    ('parts', 'rows, size and compression'),
    ('merges', 'merges that run'),
    ('disks', 'room that is left'),
    ('errors', 'errors by kind'),
    ('mutations', 'changes to stored rows'),
    ('asynchronous_metrics', 'memory and load of the machine: official server only'))
ORDER BY offered DESC, source

-- Enters each block's offsets into the ledger, and which of them were entered before.
CREATE MATERIALIZED VIEW steam_top_games_ledger_mv TO steam_ledger AS
WITH arrived AS
    (
        SELECT
            _topic AS topic,
            _partition AS partition,
            intDiv(_offset, 1048576) AS bucket,
            if(
                length(_error) = 0
                    AND game_id BETWEEN 1 AND 4294967295 AND game_id = floor(game_id)
                    AND current_players BETWEEN 1 AND 4294967295 AND current_players = floor(current_players)
                    AND peak_today BETWEEN 1 AND 4294967295 AND peak_today = floor(peak_today)
                    AND rank BETWEEN 1 AND 65535 AND rank = floor(rank)
                    AND game_name != ''
                    AND isValidUTF8(game_name)
                    AND fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY,
                'stored',
                'refused') AS fate,
            groupBitmapState(_offset) AS offsets
        FROM kafka_steam_top_games
        GROUP BY topic, partition, bucket, fate
    )
SELECT
    'steam_top_games' AS table,
    arrived.topic AS topic,
    arrived.partition AS partition,
    arrived.bucket AS bucket,
    arrived.fate AS fate,
    arrived.offsets AS offsets,
    bitmapAnd(arrived.offsets, known.offsets) AS again
FROM arrived
LEFT JOIN
    (
        SELECT topic, partition, bucket, fate, groupBitmapMergeState(offsets) AS offsets
        FROM steam_ledger
        WHERE table = 'steam_top_games'
        GROUP BY topic, partition, bucket, fate
    ) AS known USING (topic, partition, bucket, fate);

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
                    AND ifNull(
                        isNotNull(accurateCastOrNull(game_id, 'UInt32'))
                        AND isNotNull(accurateCastOrNull(current_players, 'UInt32'))
                        AND isNotNull(accurateCastOrNull(peak_today, 'UInt32'))
                        AND isNotNull(accurateCastOrNull(rank, 'UInt16'))
                        AND isValidUTF8(game_name)
                        AND fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY,
                        0),
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

-- Enters each block's offsets into the ledger, and which of them were entered before.
CREATE MATERIALIZED VIEW steam_game_details_ledger_mv TO steam_ledger AS
WITH arrived AS
    (
        SELECT
            _topic AS topic,
            _partition AS partition,
            intDiv(_offset, 1048576) AS bucket,
            if(
                length(_error) = 0
                    AND ifNull(
                        game_id BETWEEN 1 AND 4294967295 AND game_id = floor(game_id)
                        AND discount_percent BETWEEN 0 AND 100 AND discount_percent = floor(discount_percent)
                        AND review_score BETWEEN 0 AND 9 AND review_score = floor(review_score)
                        AND original_price >= 0
                        AND final_price >= 0
                        AND game_name != ''
                        AND isValidUTF8(game_name)
                        AND isValidUTF8(currency)
                        AND arrayAll(genre -> isValidUTF8(genre), genres)
                        AND fetch_time BETWEEN toDateTime('2003-09-12 00:00:00') AND now() + INTERVAL 1 DAY,
                        0),
                'stored',
                'refused') AS fate,
            groupBitmapState(_offset) AS offsets
        FROM kafka_steam_game_details
        GROUP BY topic, partition, bucket, fate
    )
SELECT
    'steam_game_details' AS table,
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
        WHERE table = 'steam_game_details'
        GROUP BY topic, partition, bucket, fate
    ) AS known USING (topic, partition, bucket, fate);

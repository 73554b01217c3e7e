-- Asks the producer for its figures. They do not go through Kafka, so that they come while Kafka is away. While the
-- producer does not answer nothing is entered.
CREATE MATERIALIZED VIEW steam_producer_metrics_mv REFRESH EVERY 15 SECOND APPEND TO steam_producer_metrics AS
SELECT
    now() AS at,
    name,
    subject,
    detail,
    value
FROM url('http://steam-producer:9464/figures', 'JSONEachRow', 'name String, subject String, detail String, value Float64')
SETTINGS http_max_tries = 1, http_connection_timeout = 2, http_receive_timeout = 5;

import type { Session } from "chdb";
import { quoteString } from "../../../clickhouse/render";

/**
 * `system.text_log` as a view over the engine's log file, which the embedded engine writes and does not serve. Older
 * files of the log are read too.
 * A line reads: `2026.01.31 23:59:59.123456 [ thread ] {query id} <Level> Logger: message`.
 */
export function createTextLog(session: Session, logFile: string): void {
  session.query(`CREATE OR REPLACE VIEW system.text_log AS
    SELECT
      toDate(event_time) AS event_date,
      toDateTime(replaceAll(parts[1], '.', '-')) AS event_time,
      toDateTime64(concat(replaceAll(parts[1], '.', '-'), '.', parts[2]), 6) AS event_time_microseconds,
      toUInt64OrZero(parts[3]) AS thread_id,
      parts[4] AS query_id,
      CAST(parts[5], 'LowCardinality(String)') AS level,
      CAST(parts[6], 'LowCardinality(String)') AS logger_name,
      parts[7] AS message
    FROM (
      SELECT extractGroups(line, '^(\\\\d{4}\\\\.\\\\d\\\\d\\\\.\\\\d\\\\d \\\\d\\\\d:\\\\d\\\\d:\\\\d\\\\d)\\\\.(\\\\d+) \\\\[ (\\\\d+) \\\\] \\\\{([^}]*)\\\\} <(\\\\w+)> ([^:]+): (.*)$') AS parts
      FROM file(${quoteString(`${logFile}*`)}, 'LineAsString')
    )
    WHERE notEmpty(parts)`);
}

import { quoteString } from "../../../infra/clickhouse/render";
import type { AuditStream, AuditTarget } from "./target";

/** The rows of a table held against the keys that came to be stored. */
export interface RowsFound {
  /** Keys entered in the days looked at. */
  keys: number;
  /** Rows of those days, as a reader sees them. */
  rows: number;
  /** Keys without a row, each with its times; no more than a thousand keys. */
  missing: { key: number; times: string[] }[];
  missingRows: number;
  /** Rows that a reader sees more than once. */
  repeatedRows: number;
  /** Rows that stand beside another of their key until parts are merged, and that no reader sees. */
  hiddenRepeats: number;
}

/** Holds a table against the ledger's keys of the last `days`, row by row. */
export async function readRows(
  { ask, days }: Pick<AuditTarget, "ask" | "days">,
  { table, keyColumn }: AuditStream,
): Promise<RowsFound> {
  const since = `today() - ${days}`;
  const stored = (final: string) =>
    `SELECT toDate(fetch_time) AS day, toUInt64(${keyColumn}) AS key, count() AS rows, groupBitmapState(toUInt32(fetch_time)) AS times
     FROM ${table} ${final} WHERE fetch_time >= toDateTime(${since}) GROUP BY day, key`;
  const entered = `SELECT day, key, groupBitmapMergeState(times) AS times FROM steam_ledger_keys
     WHERE table = ${quoteString(table)} AND day >= ${since} GROUP BY day, key`;
  const [totals] = await ask<Record<"rows" | "repeated" | "hidden", string>>(
    `SELECT sum(seen.rows) AS rows, sum(seen.rows - bitmapCardinality(seen.times)) AS repeated,
       sum(there.rows - bitmapCardinality(there.times)) - repeated AS hidden
     FROM (${stored("FINAL")}) AS seen INNER JOIN (${stored("")}) AS there USING (day, key)`,
  );
  const [keys] = await ask<Record<"keys" | "missing", string>>(
    `SELECT sum(bitmapCardinality(entered.times)) AS keys, sum(bitmapAndnotCardinality(entered.times, stored.times)) AS missing
     FROM (${entered}) AS entered LEFT JOIN (${stored("")}) AS stored USING (day, key)`,
  );
  const missingRows = Number(keys?.missing ?? 0);
  const missing =
    missingRows === 0
      ? []
      : await ask<{ key: string; times: string[] }>(
          `SELECT key, arrayMap(time -> toString(toDateTime(time, 'UTC')), arraySort(bitmapToArray(bitmapAndnot(entered.times, stored.times)))) AS times
           FROM (${entered}) AS entered LEFT JOIN (${stored("")}) AS stored USING (day, key)
           WHERE bitmapAndnotCardinality(entered.times, stored.times) > 0 ORDER BY key, day LIMIT 1000`,
        );
  return {
    keys: Number(keys?.keys ?? 0),
    rows: Number(totals?.rows ?? 0),
    missing: missing.map(({ key, times }) => ({ key: Number(key), times })),
    missingRows,
    repeatedRows: Number(totals?.repeated ?? 0),
    hiddenRepeats: Number(totals?.hidden ?? 0),
  };
}

import { afterValue } from "../../bench/evolution/case";
import { swap, type Edits } from "../../bench/evolution/schema";

/** A second view that stores the same records as `events_mv`, in another table. */
export const ARCHIVE_VIEW =
  "CREATE MATERIALIZED VIEW archive_mv TO archive AS SELECT id, name, t FROM kafka_events WHERE length(_error) = 0";

/** An edit that turns one text into another, and the next time back. */
export const turned = (one: string, other: string) => (sql: string) =>
  sql.includes(one) ? sql.replace(one, other) : swap(other, one)(sql);

/** An edit that has a table rebuilt under another sorting key, and the next time under its first one. */
export function resorted(sql: string): string {
  const next = turned("BY (id, t)", "BY (t, id)")(sql);
  return next.startsWith("-- @rebuild") ? next : `-- @rebuild\n${next}`;
}

/** A column added to the table, the Kafka table and the view between them. */
export const columnEndToEnd = (name: string): Edits => ({
  events: afterValue(`${name} UInt8`),
  kafka_events: afterValue(`${name} UInt8`),
  events_mv: swap(", t FROM", `, ${name}, t FROM`),
});

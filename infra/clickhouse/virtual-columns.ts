import { parseTable } from "./definition";

/** What every row of a Kafka table has beside its columns. */
const ALWAYS = [
  "_topic LowCardinality(String)",
  "_key String",
  "_offset UInt64",
  "_partition UInt64",
  "_timestamp Nullable(DateTime)",
  "_timestamp_ms Nullable(DateTime64(3))",
  "`_headers.name` Array(String)",
  "`_headers.value` Array(String)",
];
/** And where errors make rows. */
const OF_STREAM = ["_raw_message String", "_error String"];

/**
 * The virtual columns of the Kafka table that `statement` makes, as columns that SELECT * leaves out: what a
 * table has to have to stand in for it.
 */
export function virtualColumns(statement: string): string[] {
  const { settings } = parseTable(statement);
  const stream = settings["kafka_handle_error_mode"] === "'stream'";
  return [...ALWAYS, ...(stream ? OF_STREAM : [])].map(
    (column) => `${column} ALIAS defaultValueOfTypeName('${column.replace(/^\S+ /, "")}')`,
  );
}

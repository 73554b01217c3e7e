import { parseTable } from "./definition";
import { columnText } from "./plan-columns";
import { quoteName } from "./render";

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
 * Makes a table that holds no rows and connects to nothing, but has all columns that views may read from the Kafka
 * table that `statement` makes. Virtual ones are columns that SELECT * leaves out.
 */
export function standIn(name: string, statement: string): string {
  const { columns, settings } = parseTable(statement);
  const stream = settings["kafka_handle_error_mode"] === "'stream'";
  const virtual = [...ALWAYS, ...(stream ? OF_STREAM : [])].map(
    (column) => `${column} ALIAS defaultValueOfTypeName('${column.replace(/^\S+ /, "")}')`,
  );
  return `CREATE TABLE ${quoteName(name)} (${[...columns.map(columnText), ...virtual].join(", ")}) ENGINE = Null`;
}

/** Whether the engine's wording of a table tells that it is such a stand-in. */
export function isStandIn(definition: string): boolean {
  const { engine, columns } = parseTable(definition);
  return /^`?Null`?$/.test(engine) && columns.some((one) => one.name === "_topic" && one.defaultKind === "ALIAS"); // prettier-ignore
}

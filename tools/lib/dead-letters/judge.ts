import { parseTable } from "../../../infra/clickhouse/definition";
import { quoteString } from "../../../infra/clickhouse/render";
import { readingFrom } from "../../../infra/clickhouse/statement";
import type { Ask } from "../audit/target";

/** Virtual columns that the views of a Kafka table name. */
const VIRTUAL = [
  "'' AS _topic",
  "'' AS _key",
  "toUInt64(0) AS _partition",
  "toUInt64(0) AS _offset",
  "CAST(NULL, 'Nullable(DateTime)') AS _timestamp",
  "CAST([], 'Array(String)') AS `_headers.name`",
  "CAST([], 'Array(String)') AS `_headers.value`",
  "'' AS _raw_message",
  "'' AS _error",
].join(", ");

/** How the tables of today would take a message. */
export interface Verdict {
  /** Rows that would be stored. */
  rows: number;
  /** Why it, or rows of it, would be refused again; empty where it is good. */
  errors: string[];
}

/**
 * Asks the engine what it would make of a message that came to `table` now: by the Kafka table's own columns, format
 * and settings, and by the queries of its views.
 * @param database where the tables are
 */
export async function judge(
  ask: Ask,
  database: string,
  table: string,
  message: Buffer,
): Promise<Verdict> {
  const definitions = await ask<{ name: string; statement: string; query: string }>(
    `SELECT name, create_table_query AS statement, as_select AS query FROM system.tables
     WHERE database = ${quoteString(database)} AND name IN (${[`kafka_${table}`, `${table}_mv`, `${table}_dead_letters_mv`].map(quoteString).join(", ")})`,
  );
  const of = (name: string) => definitions.find((one) => one.name === name);
  const { columns, settings } = parseTable(of(`kafka_${table}`)?.statement ?? "");
  const structure = columns.map(({ name, type }) => `\`${name}\` ${type}`).join(", ");
  const format = settings["kafka_format"] ?? "'JSONEachRow'";
  const message64 = `base64Decode('${message.toString("base64")}')`;
  const source = `(SELECT *, ${VIRTUAL} FROM format(${format}, ${quoteString(structure)}, ${message64}))`;
  const used = Object.entries(settings)
    .filter(([name]) => /^(input_format|format_schema)/.test(name))
    .map(([name, value]) => `${name} = ${value}`);
  const asked = <T>(select: string, view: string) => {
    const query = readingFrom(of(view)?.query ?? "", `${database}.kafka_${table}`, source);
    return ask<T>(
      `SELECT ${select} FROM (${query}) SETTINGS ${["session_timezone = 'UTC'", ...used].join(", ")}`,
    );
  };
  try {
    const [stored] = await asked<{ rows: string }>("count() AS rows", `${table}_mv`);
    const refused = await asked<{ error: string }>("error", `${table}_dead_letters_mv`);
    return { rows: Number(stored?.rows ?? 0), errors: refused.map(({ error }) => error) };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { rows: 0, errors: [words.replace(/^ClickHouse does not answer: /, "")] };
  }
}

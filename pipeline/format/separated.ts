import type { Field, Row, Table } from "../table";
import type { Encode } from "./format";

/** Fields parted by commas, in the order of the table's columns, text in quotes. */
export function csv(table: Table): Encode {
  return lines(table, ",", (field) => {
    if (typeof field === "number") return String(field);
    return quoted(typeof field === "string" ? field : arrayText(field));
  });
}

/** Fields parted by tabs, in the order of the table's columns, with ClickHouse's escapes. */
export function tsv(table: Table): Encode {
  return lines(table, "\t", (field) => {
    if (typeof field === "number") return String(field);
    return typeof field === "string" ? escaped(field) : arrayText(field);
  });
}

function lines({ columns }: Table, separator: string, write: (field: Field) => string): Encode {
  const names = columns.map((column) => column.name);
  const line = (row: Row) => names.map((name) => write(row[name] ?? "")).join(separator);
  return (rows) => rows.map((row) => `${line(row)}\n`).join("");
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "\b": "\\b",
  "\f": "\\f",
  "\0": "\\0",
};

function escaped(text: string): string {
  return text.replace(/[\\\t\n\r\b\f\0]/g, (character) => ESCAPES[character] ?? character);
}

/** A list as ClickHouse writes one: ['Action','Free To Play']. */
function arrayText(items: readonly string[]): string {
  return `[${items.map((item) => `'${escaped(item).replaceAll("'", "\\'")}'`).join(",")}]`;
}

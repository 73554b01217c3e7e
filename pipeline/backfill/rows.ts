import type { Row, Table } from "../table";
import { checkerOf, fieldFrom } from "./check";
import type { Line } from "./lines";

/** A row of a file, or what is wrong with it. */
export type Read = { row: Row; fault?: undefined } | { row?: undefined; fault: string };

/** How the lines of a file are read. */
export interface RowReader {
  /** The row's key without reading the rest, as a guess that costs little; undefined where there is none. */
  keyOf(line: Line): string | undefined;
  read(line: Line): Read;
}

/** Each line is a JSON object. */
export function jsonRows(table: Table): RowReader {
  const check = checkerOf(table);
  const marker = Buffer.from(`"${table.key}":`);
  return {
    keyOf({ buffer, start, end }) {
      const at = buffer.indexOf(marker, start);
      return at < 0 || at >= end ? undefined : scalarAt(buffer, at + marker.length, end);
    },
    read({ buffer, start, end }) {
      let value: unknown;
      try {
        value = JSON.parse(buffer.toString("utf8", start, end));
      } catch {
        return { fault: "not JSON" };
      }
      const fault = check(value);
      return fault === undefined ? { row: value as Row } : { fault };
    },
  };
}

/** Each line holds fields parted by commas. The first line of the file names them. */
export function csvRows(table: Table, header: string): RowReader {
  const check = checkerOf(table);
  const names = fieldsOf(header) ?? [];
  const columns = table.columns.map((column) => ({ column, at: names.indexOf(column.name) }));
  const key = names.indexOf(table.key);
  return {
    keyOf: ({ buffer, start, end }) => fieldsOf(buffer.toString("utf8", start, end))?.[key],
    read({ buffer, start, end }) {
      const fields = fieldsOf(buffer.toString("utf8", start, end));
      if (!fields) return { fault: "a quote is not closed on its line" };
      const row: Record<string, unknown> = {};
      for (const { column, at } of columns) {
        const text = fields[at];
        if (text !== undefined) row[column.name] = fieldFrom(text, column);
      }
      const fault = check(row);
      return fault === undefined ? { row: row as Row } : { fault };
    },
  };
}

/** The fields of a CSV line, or undefined where a quoted one does not end. */
function fieldsOf(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(",");
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,"]*))(,|$)/y;
  while (field.lastIndex <= line.length) {
    const found = field.exec(line);
    if (!found) return undefined;
    fields.push(found[1] === undefined ? (found[2] ?? "") : found[1].replaceAll('""', '"'));
    if (found[3] === "") return fields;
  }
  return fields;
}

/** A number or a plain text in JSON, as a key. */
function scalarAt(buffer: Buffer, from: number, end: number): string | undefined {
  let start = from;
  while (buffer[start] === 32) start++;
  const isText = buffer[start] === 34;
  if (isText) start++;
  let at = start;
  for (; at < end; at++) {
    const byte = buffer[at];
    if (byte === 92) return undefined;
    if (isText ? byte === 34 : byte === 44 || byte === 125 || byte === 32) break;
  }
  return buffer.toString("utf8", start, at);
}

import type { Column, ColumnType, Row, Table } from "../table";
import { ByteWriter, numberOf } from "./bytes";
import type { Encode } from "./format";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;

/** Protocol Buffers, each record with its length before it, by the schema of `protobufSchema`. */
export function protobuf(table: Table): Encode {
  const out = new ByteWriter();
  const record = new ByteWriter();
  return (rows) => {
    out.clear();
    for (const row of rows) {
      record.clear();
      table.columns.forEach((column, index) => writeField(record, index + 1, column, row));
      out.varint(record.length).raw(record.bytes());
    }
    return out.bytes();
  };
}

/** The schema, whose message is called after the table: `steam_top_games` is SteamTopGames. */
export function protobufSchema({ name, columns }: Table): string {
  const fields = columns.map(
    (column, index) => `  ${typeOf(column.type)} ${column.name} = ${index + 1};`,
  );
  return [`syntax = "proto3";`, `message ${messageName(name)} {`, ...fields, "}"].join("\n");
}

export function messageName(table: string): string {
  return table.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function typeOf(type: ColumnType): string {
  switch (type) {
    case "UInt8":
    case "UInt16":
    case "UInt32":
    case "DateTime":
      return "uint32";
    case "Float64":
      return "double";
    case "String":
    case "Decimal(10, 2)":
      return "string";
    case "Array(String)":
      return "repeated string";
  }
}

function writeField(out: ByteWriter, number: number, { name, type }: Column, row: Row): void {
  const field = row[name];
  if (Array.isArray(field)) {
    for (const item of field as readonly string[]) text(out, number, item);
  } else if (type === "String") text(out, number, String(field));
  else if (type === "Decimal(10, 2)") text(out, number, Number(field).toFixed(2));
  else if (type === "Float64") out.varint(tag(number, FIXED64)).double(Number(field));
  else out.varint(tag(number, VARINT)).varint(numberOf(field, type));
}

function text(out: ByteWriter, number: number, value: string): void {
  out.varint(tag(number, LENGTH)).varint(Buffer.byteLength(value)).text(value);
}

function tag(number: number, wireType: number): number {
  return number * 8 + wireType;
}

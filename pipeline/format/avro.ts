import { randomBytes } from "node:crypto";
import type { Column, ColumnType, Row, Table } from "../table";
import { ByteWriter, numberOf } from "./bytes";
import type { Encode } from "./format";

const MAGIC = Buffer.from("Obj\u0001");
const SYNC_BYTES = 16;

/**
 * Avro object container files: each message carries its schema, which costs some hundreds of bytes, so it
 * pays to pack many records into one.
 */
export function avro(table: Table): Encode {
  const sync = randomBytes(SYNC_BYTES);
  const head = headOf(table, sync);
  const out = new ByteWriter();
  const block = new ByteWriter();
  return (rows) => {
    block.clear();
    for (const row of rows) for (const column of table.columns) writeField(block, column, row);
    out.clear().raw(head);
    long(out, rows.length);
    long(out, block.length);
    return out.raw(block.bytes()).raw(sync).bytes();
  };
}

/** The schema that messages of `table` carry. */
export function avroSchema({ name, columns }: Table): object {
  return {
    type: "record",
    name,
    fields: columns.map((column) => ({ name: column.name, type: typeOf(column.type) })),
  };
}

function typeOf(type: ColumnType): unknown {
  switch (type) {
    case "UInt8":
    case "UInt16":
      return "int";
    case "UInt32":
    case "DateTime":
      return "long";
    case "Float64":
      return "double";
    case "String":
      return "string";
    case "Decimal(10, 2)":
      return { type: "bytes", logicalType: "decimal", precision: 10, scale: 2 };
    case "Array(String)":
      return { type: "array", items: "string" };
  }
}

function headOf(table: Table, sync: Buffer): Buffer {
  const out = new ByteWriter().raw(MAGIC);
  long(out, 2);
  text(out, "avro.schema");
  text(out, JSON.stringify(avroSchema(table)));
  text(out, "avro.codec");
  text(out, "null");
  long(out, 0);
  return out.raw(sync).bytes();
}

function writeField(out: ByteWriter, { name, type }: Column, row: Row): void {
  const field = row[name];
  if (type === "String") return text(out, String(field));
  if (type === "Float64") return void out.double(Number(field));
  if (Array.isArray(field)) {
    const items = field as readonly string[];
    if (items.length > 0) long(out, items.length);
    for (const item of items) text(out, item);
    return long(out, 0);
  }
  const value = numberOf(field, type);
  if (type !== "Decimal(10, 2)") return long(out, value);
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  long(out, bytes.length);
  out.raw(bytes);
}

/** A number in Avro's zigzag form. None here is negative. */
function long(out: ByteWriter, value: number): void {
  out.varint(value * 2);
}

function text(out: ByteWriter, value: string): void {
  long(out, Buffer.byteLength(value));
  out.text(value);
}

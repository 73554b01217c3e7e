import type { ColumnType, Field } from "../table";

/** Bytes one after the other, growing as needed. */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(1024);
  private end = 0;

  get length(): number {
    return this.end;
  }

  byte(value: number): this {
    this.reserve(1);
    this.buffer[this.end++] = value;
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.end);
    this.end += bytes.length;
    return this;
  }

  double(value: number): this {
    this.reserve(8);
    this.end = this.buffer.writeDoubleLE(value, this.end);
    return this;
  }

  /** A whole number that is not negative, seven bits a byte, lowest first. */
  varint(value: number): this {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.byte((rest & 0x7f) | 0x80);
    return this.byte(rest);
  }

  text(value: string): this {
    const bytes = Buffer.byteLength(value);
    this.reserve(bytes);
    this.end += this.buffer.write(value, this.end, bytes);
    return this;
  }

  /** A copy of what was written. */
  bytes(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.end));
  }

  clear(): this {
    this.end = 0;
    return this;
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.end + bytes));
    this.buffer.copy(larger, 0, 0, this.end);
    this.buffer = larger;
  }
}

/** Seconds since 1970 of a DateTime's text, which is UTC. */
export function secondsOf(dateTime: string): number {
  return Date.parse(`${dateTime.replace(" ", "T")}Z`) / 1000;
}

/** Hundredths, as a Decimal(10, 2) is stored. */
export function hundredths(value: number): number {
  return Math.round(value * 100);
}

/** A field that the column's type says is a number. */
export function numberOf(field: Field | undefined, type: ColumnType): number {
  if (type === "DateTime") return secondsOf(String(field));
  return type === "Decimal(10, 2)" ? hundredths(Number(field)) : Number(field);
}

import { crc32c } from "./crc32";
import type { Codec } from "./codec";

/** Bytes of a record batch before its records, in Kafka's format 2. */
export const HEADER_BYTES = 61;
const MAGIC = 2;
const AT = {
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
} as const;
export const IN_TRANSACTION = 0x10;
/** Most bytes that a record takes besides its key and value: five numbers and the absence of headers. */
const RECORD_OVERHEAD = 32;

/** Who a batch is from, which the broker recognises a repetition by. */
export interface Identity {
  producerId: bigint;
  epoch: number;
}

/** Records of one partition, gathered as the bytes that Kafka stores. */
export class BatchBuilder {
  private buffer: Buffer;
  private end = HEADER_BYTES;
  private records = 0;
  readonly openedAt = Date.now();

  /** @param expectedBytes What it will hold, as a guess that saves growing. */
  constructor(expectedBytes: number) {
    this.buffer = Buffer.allocUnsafe(HEADER_BYTES + expectedBytes + RECORD_OVERHEAD);
  }

  get count(): number {
    return this.records;
  }

  /** Bytes of the records so far, before compression. */
  get bytes(): number {
    return this.end - HEADER_BYTES;
  }

  append(key: string, value: string | Buffer): void {
    const keyBytes = Buffer.byteLength(key);
    const valueBytes = Buffer.byteLength(value);
    const bodyBytes =
      3 + sizeOf(this.records) + sizeOf(keyBytes) + keyBytes + sizeOf(valueBytes) + valueBytes;
    this.reserve(bodyBytes + RECORD_OVERHEAD);
    const { buffer } = this;
    let at = varint(buffer, this.end, bodyBytes);
    buffer[at++] = 0; // attributes: there are none yet
    buffer[at++] = 0; // milliseconds since the batch's time
    at = varint(buffer, at, this.records);
    at = varint(buffer, at, keyBytes);
    at += buffer.write(key, at, keyBytes);
    at = varint(buffer, at, valueBytes);
    if (typeof value === "string") at += buffer.write(value, at, valueBytes);
    else at += value.copy(buffer, at);
    buffer[at++] = 0; // headers: none
    this.end = at;
    this.records++;
  }

  /** The batch as it will be sent, but for who it is from. */
  async seal(codec: Codec): Promise<SealedBatch> {
    const raw = this.buffer.subarray(0, this.end);
    const packing = codec.compress(raw.subarray(HEADER_BYTES));
    const packed = packing instanceof Promise ? await packing : packing;
    const whole = codec.id === 0 ? raw : Buffer.concat([raw.subarray(0, HEADER_BYTES), packed]);
    writeHeader(whole, codec.id, this.records, this.openedAt);
    return new SealedBatch(whole, raw.subarray(HEADER_BYTES), this.records);
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.end + bytes));
    this.buffer.copy(larger, 0, 0, this.end);
    this.buffer = larger;
  }
}

/** A batch that is only to be signed and sent. */
export class SealedBatch {
  constructor(
    private readonly whole: Buffer,
    /** The records, not compressed. */
    readonly records: Buffer,
    readonly count: number,
  ) {}

  get bytes(): number {
    return this.whole.length;
  }

  /** The batch from this producer, its records numbered from `baseSequence`. */
  sign({ producerId, epoch }: Identity, baseSequence: number, attributes = 0): Buffer {
    const { whole } = this;
    whole.writeInt16BE((whole.readInt16BE(AT.attributes) & 7) | attributes, AT.attributes);
    whole.writeBigInt64BE(producerId, AT.producerId);
    whole.writeInt16BE(epoch, AT.producerEpoch);
    whole.writeInt32BE(baseSequence, AT.baseSequence);
    whole.writeUInt32BE(crc32c(whole, AT.attributes), AT.crc);
    return whole;
  }
}

function writeHeader(whole: Buffer, codecId: number, count: number, timeMs: number): void {
  whole.writeBigInt64BE(0n, 0);
  whole.writeInt32BE(whole.length - AT.leaderEpoch, AT.length);
  whole.writeInt32BE(-1, AT.leaderEpoch);
  whole.writeInt8(MAGIC, AT.magic);
  whole.writeInt16BE(codecId, AT.attributes);
  whole.writeInt32BE(count - 1, AT.lastOffsetDelta);
  whole.writeBigInt64BE(BigInt(timeMs), AT.firstTimestamp);
  whole.writeBigInt64BE(BigInt(timeMs), AT.maxTimestamp);
  whole.writeInt32BE(count, AT.count);
}

/** What the log says of a batch, without its records. */
export interface StoredBatch extends Identity {
  baseOffset: bigint;
  baseSequence: number;
  count: number;
  /** What the broker wrote in place of a producer: "commit" or "abort" at the end of a transaction. */
  marker?: "commit" | "abort";
}

/** The batches in `bytes` of a log. One that is cut off at the end is left out. */
export function storedBatches(bytes: Buffer): StoredBatch[] {
  const found: StoredBatch[] = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    const next = at + AT.leaderEpoch + bytes.readInt32BE(at + AT.length);
    if (next > bytes.length) break;
    const isControl = (bytes.readInt16BE(at + AT.attributes) & 0x20) !== 0;
    found.push({
      baseOffset: bytes.readBigInt64BE(at),
      producerId: bytes.readBigInt64BE(at + AT.producerId),
      epoch: bytes.readInt16BE(at + AT.producerEpoch),
      baseSequence: bytes.readInt32BE(at + AT.baseSequence),
      count: bytes.readInt32BE(at + AT.count),
      ...(isControl ? { marker: markerIn(bytes, at + HEADER_BYTES) } : {}),
    });
    at = next;
  }
  return found;
}

/** A control record: length, attributes, time, offset, key length (each one byte), version, kind. */
function markerIn(bytes: Buffer, at: number): "commit" | "abort" {
  return bytes.readInt16BE(at + 5 + 2) === 1 ? "commit" : "abort";
}

/** The keys and values of a batch's records. */
export function recordsIn(records: Buffer): { key: Buffer; value: Buffer }[] {
  const found: { key: Buffer; value: Buffer }[] = [];
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = records.readUInt8(at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
  };
  const bytes = (): Buffer => {
    const length = number();
    return records.subarray(at, (at += length));
  };
  while (at < records.length) {
    const length = number();
    const end = at + length;
    at += 2;
    number();
    const key = bytes();
    found.push({ key, value: bytes() });
    at = end;
  }
  return found;
}

/** Writes `value`, which is not negative, in Kafka's variable length, and gives where it ends. */
function varint(buffer: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value * 2;
  while (rest > 0x7f) {
    buffer[at++] = (rest & 0x7f) | 0x80;
    rest = Math.floor(rest / 128);
  }
  buffer[at++] = rest;
  return at;
}

function sizeOf(value: number): number {
  if (value < 0x40) return 1;
  if (value < 0x2000) return 2;
  if (value < 0x100000) return 3;
  return value < 0x8000000 ? 4 : 5;
}

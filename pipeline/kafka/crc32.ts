/** The polynomial of zip files, which librdkafka hashes keys with. */
const CRC32 = 0xedb88320;
/** Castagnoli's, which Kafka protects record batches with. */
const CRC32C = 0x82f63b78;

const crc32Tables = tablesOf(CRC32);
const crc32cTables = tablesOf(CRC32C);

export function crc32(bytes: Uint8Array): number {
  return checksum(crc32Tables, bytes, 0, bytes.length);
}

/** CRC-32C of `bytes` from `start` to, and without, `end`. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  return checksum(crc32cTables, bytes, start, end);
}

/** Eight tables of 256, by which eight bytes are taken in one step. */
function tablesOf(polynomial: number): Uint32Array {
  const tables = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    tables[byte] = crc >>> 0;
  }
  for (let at = 256; at < tables.length; at++) {
    const previous = tables[at - 256] ?? 0;
    tables[at] = (previous >>> 8) ^ (tables[previous & 255] ?? 0);
  }
  return tables;
}

/* eslint-disable @typescript-eslint/no-non-null-assertion --
   The indexes lie within the tables and the bytes by their making, and a check on each costs half the speed. */
function checksum(tables: Uint32Array, bytes: Uint8Array, start: number, end: number): number {
  let crc = 0xffffffff;
  let i = start;
  for (const last = end - 8; i <= last; i += 8) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc =
      tables[1792 + (crc & 255)]! ^
      tables[1536 + ((crc >>> 8) & 255)]! ^
      tables[1280 + ((crc >>> 16) & 255)]! ^
      tables[1024 + (crc >>> 24)]! ^
      tables[768 + bytes[i + 4]!]! ^
      tables[512 + bytes[i + 5]!]! ^
      tables[256 + bytes[i + 6]!]! ^
      tables[bytes[i + 7]!]!;
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ tables[(crc ^ bytes[i]!) & 255]!;
  return ~crc >>> 0;
}

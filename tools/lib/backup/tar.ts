import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const BLOCK = 512;
/** Where an entry's header has its size, the kind of entry, and the mark of the format. */
const SIZE_AT = 124;
const KIND_AT = 156;
const MAGIC_AT = 257;

/** A file within an archive. */
export interface TarEntry {
  name: string;
  /** First byte of its content, counted from the archive's. */
  start: number;
  size: number;
}

/** An archive that is none, or is cut off. */
export class TarError extends Error {}

/**
 * All files of a tar archive, in its order. Reads the headers alone.
 * @throws TarError where it is no archive, or its end is missing
 */
export function entriesOf(file: string): TarEntry[] {
  return opened(file, (descriptor) => {
    const { size: length } = fstatSync(descriptor);
    const header = Buffer.alloc(BLOCK);
    const entries: TarEntry[] = [];
    for (let at = 0; ;) {
      if (readSync(descriptor, header, 0, BLOCK, at) < BLOCK)
        throw new TarError(at === 0 ? "is no back-up of a stack" : "is cut off");
      if (header.every((byte) => byte === 0)) return entries;
      if (header.toString("latin1", MAGIC_AT, MAGIC_AT + 5) !== "ustar")
        throw new TarError(at === 0 ? "is no back-up of a stack" : "is damaged");
      const size = sizeOf(header);
      const start = at + BLOCK;
      if (start + size > length) throw new TarError("is cut off");
      if (isFile(header)) entries.push({ name: text(header, 0, 100), start, size });
      at = start + Math.ceil(size / BLOCK) * BLOCK;
    }
  });
}

/** An entry's content as text. */
export function readEntry(file: string, { start, size }: TarEntry): string {
  return opened(file, (descriptor) => {
    const content = Buffer.alloc(size);
    readSync(descriptor, content, 0, size, start);
    return content.toString("utf8");
  });
}

function opened<T>(file: string, work: (descriptor: number) => T): T {
  const descriptor = openSync(file, "r");
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Octal digits, or, for what is too large for them, a number behind a byte with its highest bit set. */
function sizeOf(header: Buffer): number {
  if ((header[SIZE_AT] ?? 0) < 0x80) return parseInt(text(header, SIZE_AT, 12), 8) || 0;
  return Number(header.readBigUInt64BE(SIZE_AT + 4));
}

function isFile(header: Buffer): boolean {
  const kind = header[KIND_AT] ?? 0;
  return kind === 0 || kind === "0".charCodeAt(0);
}

function text(header: Buffer, at: number, length: number): string {
  const bytes = header.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end === -1 ? length : end);
}

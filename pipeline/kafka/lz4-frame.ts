const MAGIC = 0x184d2204;
/** Magic number; blocks independent of one another, of at most 4 MiB, without checksums; the header's own checksum. */
const HEADER = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73]);
const MAX_BLOCK_BYTES = 4 * 1024 * 1024;
/** Set in a block's length where the block is stored as it is. */
const STORED = 0x80000000;
/** Bits of a frame's flags. */
const HAS_BLOCK_CHECKSUMS = 0x10;
const HAS_CONTENT_SIZE = 0x08;
/** The compressor puts the length of what it was given first. */
const PREFIX_BYTES = 4;

/** `bytes` as an LZ4 frame, the form that Kafka takes, made by a compressor of single blocks. */
export function compressFrame(
  compressBlock: (block: Uint8Array) => Uint8Array,
  bytes: Uint8Array,
): Uint8Array {
  const parts: Uint8Array[] = [HEADER];
  for (let start = 0; start < bytes.length; start += MAX_BLOCK_BYTES) {
    const block = bytes.subarray(start, start + MAX_BLOCK_BYTES);
    const packed = compressBlock(block).subarray(PREFIX_BYTES);
    const isSmaller = packed.length < block.length;
    parts.push(uint32(isSmaller ? packed.length : block.length + STORED));
    parts.push(isSmaller ? packed : block);
  }
  parts.push(uint32(0));
  return Buffer.concat(parts);
}

/** What an LZ4 frame holds, whoever made it. @throws RangeError where it is none, or cut off. */
export function decompressFrame(bytes: Uint8Array): Uint8Array {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (frame.readUInt32LE(0) !== MAGIC) throw new RangeError("not an LZ4 frame");
  const flags = frame.readUInt8(4);
  const out = new Output();
  let at = HEADER.length + (flags & HAS_CONTENT_SIZE ? 8 : 0);
  for (;;) {
    const length = frame.readUInt32LE(at);
    at += 4;
    if (length === 0) return out.bytes();
    const size = length & 0x7fffffff;
    const block = frame.subarray(at, at + size);
    if (length >= STORED) out.append(block, 0, size);
    else decompressBlock(block, out);
    at += size + (flags & HAS_BLOCK_CHECKSUMS ? 4 : 0);
  }
}

/** A block is a row of literals, each followed by a copy of something that came before. */
function decompressBlock(block: Buffer, out: Output): void {
  let at = 0;
  const lengthFrom = (nibble: number): number => {
    let length = nibble;
    for (let more = nibble === 15 ? 255 : 0; more === 255; length += more)
      more = block.readUInt8(at++);
    return length;
  };
  while (at < block.length) {
    const token = block.readUInt8(at++);
    const literals = lengthFrom(token >> 4);
    out.append(block, at, at + literals);
    at += literals;
    if (at >= block.length) return;
    const distance = block.readUInt16LE(at);
    at += 2;
    out.repeat(distance, lengthFrom(token & 15) + 4);
  }
}

class Output {
  private buffer = Buffer.allocUnsafe(64 * 1024);
  private length = 0;

  append(source: Buffer, start: number, end: number): void {
    this.reserve(end - start);
    source.copy(this.buffer, this.length, start, end);
    this.length += end - start;
  }

  /** Copies `count` bytes from `distance` back, where they may overlap what is being written. */
  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.length) throw new RangeError("broken LZ4 block");
    this.reserve(count);
    for (let copied = 0; copied < count;) {
      const from = this.length - distance;
      const step = Math.min(distance, count - copied);
      this.buffer.copy(this.buffer, this.length, from, from + step);
      this.length += step;
      copied += step;
    }
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

import { Transform } from "node:stream";

const FRAME = 0x184d2204;
const SKIPPABLE = 0x184d2a50;
/** How far back a match may reach, also into the blocks before. */
const WINDOW_BYTES = 64 * 1024;
/** Largest block, by the number that a frame's header gives. */
const BLOCK_BYTES: Record<number, number> = { 4: 2 ** 16, 5: 2 ** 18, 6: 2 ** 20, 7: 2 ** 22 };

interface Frame {
  linked: boolean;
  blockBytes: number;
  blockChecksums: boolean;
  contentChecksum: boolean;
}

/** Undoes LZ4 frames, which Python clients send and Node does not know. Checksums are passed over. */
export class Lz4Decoder extends Transform {
  private held: Buffer = Buffer.alloc(0);
  private frame: Frame | undefined;
  private window: Buffer = Buffer.alloc(0);

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error?: Error) => void): void {
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    try {
      for (let used = this.step(); used > 0; used = this.step()) {
        this.held = this.held.subarray(used);
      }
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _flush(done: (error?: Error) => void): void {
    const broken = this.held.length > 0 || this.frame !== undefined;
    done(broken ? new Error("LZ4: the data ends in the middle of a frame") : undefined);
  }

  /** Takes one header or block. @returns bytes used, 0 where more are needed. */
  private step(): number {
    return this.frame ? this.block(this.frame) : this.header();
  }

  private header(): number {
    if (this.held.length < 8) return 0;
    const magic = this.held.readUInt32LE(0);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      const length = 8 + this.held.readUInt32LE(4);
      return this.held.length < length ? 0 : length;
    }
    if (magic !== FRAME) throw new Error("LZ4: this is no frame");
    const flags = this.held.readUInt8(4);
    const length = 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0);
    if (this.held.length < length) return 0;
    this.frame = {
      linked: (flags & 0x20) === 0,
      blockChecksums: (flags & 0x10) !== 0,
      contentChecksum: (flags & 0x04) !== 0,
      blockBytes: BLOCK_BYTES[(this.held.readUInt8(5) >> 4) & 7] ?? 0,
    };
    this.window = Buffer.alloc(0);
    return length;
  }

  private block(frame: Frame): number {
    if (this.held.length < 4) return 0;
    const head = this.held.readUInt32LE(0);
    if (head === 0) {
      const length = 4 + (frame.contentChecksum ? 4 : 0);
      if (this.held.length < length) return 0;
      this.frame = undefined;
      return length;
    }
    const size = head & 0x7fffffff;
    if (size > frame.blockBytes) throw new Error("LZ4: a block is larger than its frame allows");
    const length = 4 + size + (frame.blockChecksums ? 4 : 0);
    if (this.held.length < length) return 0;
    const data = this.held.subarray(4, 4 + size);
    const isPlain = head >>> 31 === 1;
    const content = isPlain ? data : decodeBlock(data, this.window, frame.blockBytes);
    if (frame.linked) this.window = Buffer.concat([this.window, content]).subarray(-WINDOW_BYTES);
    this.push(content);
    return length;
  }
}

/** The content of one block, whose matches may reach back into `window`. */
function decodeBlock(data: Buffer, window: Buffer, largest: number): Buffer {
  const out = Buffer.allocUnsafe(window.length + largest);
  window.copy(out);
  let to = window.length;
  let at = 0;
  /** A length that goes on in further bytes while these are 255. */
  const more = (length: number): number => {
    if (length !== 15) return length;
    let total = length;
    for (let byte = 255; byte === 255; total += byte) byte = data.readUInt8(at++);
    return total;
  };
  while (at < data.length) {
    const token = data.readUInt8(at++);
    const literals = more(token >> 4);
    if (at + literals > data.length || to + literals > out.length)
      throw new Error("LZ4: a block is broken");
    data.copy(out, to, at, at + literals);
    at += literals;
    to += literals;
    if (at >= data.length) break;
    const distance = data.readUInt16LE(at);
    at += 2;
    const length = more(token & 15) + 4;
    if (distance === 0 || distance > to || to + length > out.length)
      throw new Error("LZ4: a block is broken");
    // A match may run into what it makes itself, so it is copied in steps of its distance.
    for (let left = length; left > 0;) {
      const step = Math.min(left, distance);
      out.copyWithin(to, to - distance, to - distance + step);
      to += step;
      left -= step;
    }
  }
  return out.subarray(window.length, to);
}

/**
 * Goes through a frame from its beginning, copying it but for what is written in place of what is read. In the
 * flexible form of the protocol lengths are varints, one more than they mean, and each structure ends with tags.
 */
export class Cursor {
  /** Bytes of the frame that are behind. */
  position = 0;
  private readonly parts: Buffer[] = [];
  private copied = 0;

  constructor(
    private readonly frame: Buffer,
    private readonly isFlexible: boolean,
  ) {}

  copy(bytes: number): void {
    this.position += bytes;
  }

  /** Goes past a text, which may be null. */
  copyText(): void {
    const length = this.length(2);
    this.position += Math.max(0, length);
  }

  /** Goes past a list's length and tells it. */
  copyCount(): number {
    return this.length(4);
  }

  copyTags(): void {
    if (!this.isFlexible) return;
    for (let left = this.varint(); left > 0; left--) {
      this.varint();
      const bytes = this.varint();
      this.position += bytes;
    }
  }

  /** Takes a text out. */
  readText(): string {
    this.keep();
    const length = Math.max(0, this.length(2));
    const text = this.frame.toString("utf8", this.position, this.position + length);
    this.position += length;
    this.copied = this.position;
    return text;
  }

  /** Takes a number out. */
  readInt32(): number {
    this.keep();
    const value = this.frame.readInt32BE(this.position);
    this.position += 4;
    this.copied = this.position;
    return value;
  }

  /** @param text of fewer than 127 bytes */
  writeText(text: string): void {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(this.isFlexible ? 1 : 2);
    if (this.isFlexible) length.writeUInt8(bytes.length + 1);
    else length.writeInt16BE(bytes.length);
    this.parts.push(length, bytes);
  }

  writeInt32(value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    this.parts.push(bytes);
  }

  /** The frame as it is now, the rest of it copied, with the length that it has. */
  finish(): Buffer {
    this.position = this.frame.length;
    this.keep();
    const whole = Buffer.concat(this.parts);
    whole.writeInt32BE(whole.length - 4, 0);
    return whole;
  }

  private keep(): void {
    if (this.position > this.copied)
      this.parts.push(this.frame.subarray(this.copied, this.position));
    this.copied = this.position;
  }

  private length(bytes: 2 | 4): number {
    if (this.isFlexible) return this.varint() - 1;
    const value = this.frame.readIntBE(this.position, bytes);
    this.position += bytes;
    return value;
  }

  private varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.frame.readUInt8(this.position++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
}

/** Longest exception that a server puts behind a part of an answer. */
const LONGEST_TRAILER_BYTES = 64 * 1024;

/** Parts an answer from the exception that may stand behind it, `\r\n__exception__\r\nTAG\r\nmessage`. */
export class TrailerFilter {
  private held = Buffer.alloc(0);
  private readonly mark: Buffer;

  /** @param tag of X-ClickHouse-Exception-Tag; empty where the server sends none. */
  constructor(private readonly tag: string) {
    this.mark = Buffer.from(`\r\n__exception__\r\n${tag}`);
  }

  /** What of the answer is certain by now. */
  push(chunk: Buffer): Buffer {
    if (this.tag === "") return chunk;
    this.held = Buffer.concat([this.held, chunk]);
    const at = this.held.indexOf(this.mark);
    const keep = at === -1 ? this.mark.length - 1 : this.held.length - at;
    const sure = this.held.subarray(0, Math.max(0, this.held.length - keep));
    this.held = this.held.subarray(sure.length, sure.length + LONGEST_TRAILER_BYTES);
    return sure;
  }

  /** The answer's end, and the exception if there is one. */
  end(): { rest: Buffer; exception: string | undefined } {
    if (this.tag === "" || !this.held.subarray(0, this.mark.length).equals(this.mark))
      return { rest: this.held, exception: undefined };
    const text = this.held.subarray(this.mark.length).toString("utf8").trim();
    const end = text.lastIndexOf(`\n`, text.lastIndexOf(this.tag));
    return { rest: Buffer.alloc(0), exception: (end === -1 ? text : text.slice(0, end)).trim() };
  }
}

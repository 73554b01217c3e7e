import { Transform, type TransformCallback } from "node:stream";

const SIZE_BYTES = 4;

/** What to make of a frame whose beginning is seen: undefined lets it pass as it comes. */
export type Decide = (head: Buffer) => ((frame: Buffer) => Promise<Buffer>) | undefined;

/**
 * Passes on Kafka's frames, each of which begins with its length. Most go through in the pieces they come in; one
 * that is to be changed is held until it is whole.
 */
export class Frames extends Transform {
  private held: Buffer = Buffer.alloc(0);
  /** Bytes of the frame being passed on that are still to come. */
  private passing = 0;
  private change: ((frame: Buffer) => Promise<Buffer>) | undefined;

  /** @param headBytes of a frame, its length among them, that `decide` has to see */
  constructor(
    private readonly headBytes: number,
    private readonly decide: Decide,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.handle(chunk).then(() => done(), done);
  }

  private async handle(chunk: Buffer): Promise<void> {
    let rest: Buffer = chunk;
    while (rest.length > 0) {
      if (this.passing > 0) {
        const part = rest.subarray(0, this.passing);
        this.passing -= part.length;
        rest = rest.subarray(part.length);
        this.push(part);
        continue;
      }
      this.held = this.held.length === 0 ? rest : Buffer.concat([this.held, rest]);
      rest = Buffer.alloc(0);
      if (this.held.length < this.headBytes) return;
      const size = SIZE_BYTES + this.held.readInt32BE(0);
      this.change ??= this.decide(this.held);
      if (!this.change) {
        [rest, this.held] = [this.held, Buffer.alloc(0)];
        this.passing = size;
        continue;
      }
      if (this.held.length < size) return;
      const frame = this.held.subarray(0, size);
      rest = this.held.subarray(size);
      this.held = Buffer.alloc(0);
      this.push(await this.change(frame));
      this.change = undefined;
    }
  }
}

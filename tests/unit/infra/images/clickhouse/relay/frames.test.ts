import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { Frames, type Decide } from "../../../../../../infra/images/clickhouse/relay/frames";

const frame = (content: string) => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(content.length);
  return Buffer.concat([size, Buffer.from(content)]);
};
const HEAD_BYTES = 8;
const isHeld: Decide = (head) =>
  head.toString("latin1", 4, 8) === "held"
    ? async (whole) => {
        await Promise.resolve();
        return frame(whole.toString("latin1", 4).toUpperCase());
      }
    : undefined;

const through = async (bytes: Buffer, pieceBytes: number) => {
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, i) =>
    bytes.subarray(i * pieceBytes, (i + 1) * pieceBytes),
  );
  const passed = await Readable.from(pieces).pipe(new Frames(HEAD_BYTES, isHeld)).toArray();
  return Buffer.concat(passed as Buffer[]);
};

describe("Frames", () => {
  const long = "x".repeat(5_000);
  const sent = [`pass ${long}`, "held one", "held two", "pass", `held ${long}`, "pass last"];
  const arrives = Buffer.concat(
    sent.map((one) => frame(one.startsWith("held") ? one.toUpperCase() : one)),
  );

  it.each([1, 3, 7, 11, 1_000, 100_000])(
    "changes what is to be changed and passes on the rest, in pieces of %i bytes",
    async (pieceBytes) => {
      expect(await through(Buffer.concat(sent.map(frame)), pieceBytes)).toEqual(arrives);
    },
  );

  it("passes on what it need not hold before it is whole", () => {
    const frames = new Frames(HEAD_BYTES, isHeld);
    frames.write(frame(`pass ${long}`).subarray(0, 100));
    return new Promise<void>((resolve) =>
      frames.once("data", (part: Buffer) => {
        expect(part.length).toBe(100);
        resolve();
      }),
    );
  });
});

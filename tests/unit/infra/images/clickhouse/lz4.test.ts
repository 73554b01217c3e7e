import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { Lz4Decoder } from "../../../../../infra/images/clickhouse/door/lz4";

/** A frame of linked blocks with checksums left at zero, which the decoder passes over. */
function frame(...blocks: [data: number[], plain: boolean][]): Buffer {
  const parts = blocks.map(([data, plain]) => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE((data.length | (plain ? 0x80000000 : 0)) >>> 0);
    return Buffer.concat([head, Buffer.from(data), Buffer.alloc(4)]);
  });
  const start = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x54, 0x40, 0]);
  return Buffer.concat([start, ...parts, Buffer.alloc(8)]);
}
const bytes = (text: string) => [...Buffer.from(text)];

async function decode(data: Buffer, size = data.length): Promise<string> {
  const chunks = Array.from({ length: Math.ceil(data.length / size) }, (_, i) =>
    data.subarray(i * size, (i + 1) * size),
  );
  const out: Buffer[] = [];
  for await (const chunk of Readable.from(chunks).pipe(new Lz4Decoder())) out.push(chunk as Buffer);
  return Buffer.concat(out).toString();
}

// "abc", then 3 + 4 + 15 bytes from three back, running into itself; then two literals.
const repeated = [0x3f, ...bytes("abc"), 3, 0, 3, 0x20, ...bytes("xy")];
// Four bytes from two back, in the block before; then a literal.
const linked = [0x00, 2, 0, 0x10, ...bytes("!")];

it.each([1, 5, 1_000])(
  "undoes literals, matches, linked and plain blocks by %i bytes",
  async (size) => {
    const data = frame([repeated, false], [linked, false], [bytes("plain"), true]);
    expect(await decode(data, size)).toBe(`${"abc".repeat(8)}a${"xy"}xyxy!plain`);
  },
);

it("takes frame after frame, and passes over what may be skipped", async () => {
  const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]);
  const one = frame([bytes("1"), true]);
  expect(await decode(Buffer.concat([one, skipped, one]))).toBe("11");
});

it.each([
  ["no frame", Buffer.from("SELECT 12")],
  ["a frame that breaks off", frame([bytes("1"), true]).subarray(0, 12)],
  ["a match from before the beginning", frame([[0x00, 9, 0], false])],
  ["a block of more than its frame allows", frame([Array<number>(65_537).fill(0), true])],
])("refuses %s", async (_, data) => {
  await expect(decode(data)).rejects.toThrow(/^LZ4: /);
});

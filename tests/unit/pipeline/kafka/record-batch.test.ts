import { describe, expect, it } from "vitest";
import { codecNames, loadCodec } from "../../../../pipeline/kafka/codec";
import { crc32c } from "../../../../pipeline/kafka/crc32";
import { decompressFrame } from "../../../../pipeline/kafka/lz4-frame";
import {
  BatchBuilder,
  HEADER_BYTES,
  recordsIn,
  storedBatches,
} from "../../../../pipeline/kafka/record-batch";

const identity = { producerId: 4_000_000_001n, epoch: 3 };

function builderOf(values: readonly string[]): BatchBuilder {
  const builder = new BatchBuilder(16);
  values.forEach((value, index) => builder.append(`key ${index}`, value));
  return builder;
}

describe.each(codecNames)("a batch compressed with %s", (name) => {
  const values = Array.from({ length: 300 }, (_, i) => `${i} 绝地求生 ${"x".repeat(i % 90)}`);

  it("holds its records, and says who it is from", async () => {
    const codec = await loadCodec(name);
    const sealed = await builderOf(values).seal(codec);
    const bytes = sealed.sign(identity, 17);
    expect(storedBatches(bytes)).toEqual([
      { ...identity, baseOffset: 0n, baseSequence: 17, count: 300 },
    ]);
    expect(bytes.readUInt32BE(17)).toBe(crc32c(bytes, 21));
    expect(bytes.readInt32BE(8)).toBe(bytes.length - 12);
    expect(bytes.readInt16BE(21)).toBe(codec.id);
    const records = recordsIn(Buffer.from(codec.decompress(bytes.subarray(HEADER_BYTES))));
    expect(records.map(({ value }) => value.toString())).toEqual(values);
    expect(records[7]?.key.toString()).toBe("key 7");
  });

  it("can be signed anew, for another producer", async () => {
    const sealed = await builderOf(values).seal(await loadCodec(name));
    sealed.sign(identity, 17);
    const [batch] = storedBatches(sealed.sign({ producerId: 5n, epoch: 0 }, 0, 0x10));
    expect(batch).toMatchObject({ producerId: 5n, epoch: 0, baseSequence: 0 });
  });
});

describe("BatchBuilder", () => {
  it("grows with what it is given, and knows its size", () => {
    const builder = builderOf(["a".repeat(100_000), "", "b"]);
    expect(builder.count).toBe(3);
    expect(builder.bytes).toBeGreaterThan(100_000);
    expect(builder.bytes).toBeLessThan(100_100);
  });

  it("takes bytes as well as text", async () => {
    const builder = new BatchBuilder(16);
    builder.append("1", Buffer.from([0, 255, 10]));
    const { records } = await builder.seal(await loadCodec("none"));
    expect(recordsIn(records)[0]?.value).toEqual(Buffer.from([0, 255, 10]));
  });
});

describe("storedBatches", () => {
  it("leaves out a batch that is cut off", async () => {
    const bytes = (await builderOf(["a", "b"]).seal(await loadCodec("none"))).sign(identity, 0);
    const twice = Buffer.concat([bytes, bytes]);
    expect(storedBatches(twice)).toHaveLength(2);
    expect(storedBatches(twice.subarray(0, twice.length - 1))).toHaveLength(1);
    expect(storedBatches(twice.subarray(0, 20))).toEqual([]);
  });
});

describe("decompressFrame", () => {
  it("refuses what is no LZ4 frame", () => {
    expect(() => decompressFrame(Buffer.from("plain text"))).toThrow(RangeError);
  });
});

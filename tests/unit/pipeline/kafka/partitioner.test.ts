import { describe, expect, it } from "vitest";
import { crc32, crc32c } from "../../../../pipeline/kafka/crc32";
import { partitioners, remembering } from "../../../../pipeline/kafka/partitioner";

describe("murmur2", () => {
  // As org.apache.kafka.common.utils.UtilsTest has it.
  it.each([
    ["21", -973_932_308],
    ["foobar", -790_332_482],
    ["a-little-bit-long-string", -985_981_536],
    ["a-little-bit-longer-string", -1_486_304_829],
    ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971],
    ["abc", 479_470_107],
  ])("sends %s where a Java producer does", (key, murmur2) => {
    for (const partitions of [1, 3, 7, 12])
      expect(partitioners.murmur2(key, partitions)).toBe((murmur2 & 0x7fffffff) % partitions);
  });

  it("stays within the partitions, and uses all of them", () => {
    const used = new Set(Array.from({ length: 500 }, (_, id) => partitioners.murmur2(`${id}`, 7)));
    expect([...used].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe("the other partitioners", () => {
  it("crc32 is the checksum of zip files, modulo", () => {
    expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
    expect(partitioners.crc32("123456789", 10)).toBe(0xcbf43926 % 10);
  });

  it("modulo spreads numbers evenly, and takes what is no number as murmur2 does", () => {
    expect(["0", "1", "2", "3"].map((key) => partitioners.modulo(key, 3))).toEqual([0, 1, 2, 0]);
    expect(partitioners.modulo("abc", 3)).toBe(partitioners.murmur2("abc", 3));
  });
});

describe("crc32c", () => {
  it("is Castagnoli's, for any length and offset", () => {
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.from("xx123456789x"), 2, 11)).toBe(0xe3069283);
  });
});

describe("remembering", () => {
  it("gives the partitioner's answer, the first time and later", () => {
    const choose = remembering("murmur2", 3);
    for (const key of ["730", "570", "730"]) expect(choose(key)).toBe(partitioners.murmur2(key, 3));
  });
});

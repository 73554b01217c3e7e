import { describe, expect, it } from "vitest";
import { partitionOf } from "../../../pipeline/partitioner";

describe("partitionOf", () => {
  // murmur2 as org.apache.kafka.common.utils.UtilsTest has it, made positive, modulo 2^31 - 1 is itself.
  it.each([
    ["21", -973_932_308],
    ["foobar", -790_332_482],
    ["a-little-bit-long-string", -985_981_536],
    ["a-little-bit-longer-string", -1_486_304_829],
    ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971],
    ["abc", 479_470_107],
  ])("sends %s where a Java producer does", (key, murmur2) => {
    for (const partitions of [1, 3, 7, 12])
      expect(partitionOf(key, partitions)).toBe((murmur2 & 0x7fffffff) % partitions);
  });
});

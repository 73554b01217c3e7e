import { describe, expect, it } from "vitest";
import { classify } from "../../../../../tools/lib/audit/classify";
import type { ReadBack } from "../../../../../tools/lib/audit/read-back";

const message = (offset: number, more: Partial<ReadBack> = {}): ReadBack => ({
  offset,
  timestamp: 1_000_000,
  key: null,
  value: Buffer.from("{}"),
  headers: [],
  control: false,
  aborted: false,
  ...more,
});
const context = { low: 10, firstEntered: 12, ledgerBegan: undefined };
const fates = (readBacks: ReadBack[], first: number, last: number, more = {}) =>
  classify({ first, last }, new Map(readBacks.map((one) => [one.offset, one])), {
    ...context,
    ...more,
  });

describe("an offset that the ledger lacks", () => {
  it.each([
    ["null value", message(20, { value: null })],
    ["empty", message(20, { value: Buffer.alloc(0) })],
    ["empty", message(20, { value: Buffer.from(" \n") })],
    ["empty", message(20, { value: Buffer.from(" [ ]\n") })],
    ["control record", message(20, { control: true, value: null })],
    ["aborted", message(20, { aborted: true })],
    ["lost", message(20)],
    ["lost", message(20, { value: Buffer.from("0") })],
  ])("is %s by what Kafka has there", (fate, readBack) => {
    expect(fates([readBack], 20, 20)).toEqual([{ first: 20, last: 20, fate }]);
  });

  it("is expired below what Kafka keeps, and compacted above", () => {
    expect(fates([], 8, 11)).toEqual([
      { first: 8, last: 9, fate: "expired" },
      { first: 10, last: 11, fate: "compacted" },
    ]);
  });

  it("is from before the ledger only where both its place and its time say so", () => {
    const began = { ledgerBegan: 2_000_000 };
    expect(fates([message(11)], 11, 11, began)[0]?.fate).toBe("before the ledger");
    expect(fates([message(11)], 11, 11)[0]?.fate).toBe("lost");
    expect(fates([message(13)], 13, 13, began)[0]?.fate).toBe("lost");
    const late = message(11, { timestamp: 3_000_000 });
    expect(fates([late], 11, 11, began)[0]?.fate).toBe("lost");
    expect(fates([message(99)], 99, 99, { ...began, firstEntered: undefined })[0]?.fate).toBe(
      "before the ledger",
    );
  });

  it("makes a range with its neighbours of the same fate", () => {
    expect(
      fates([message(20, { value: null }), message(21, { value: null }), message(22)], 20, 22),
    ).toEqual([
      { first: 20, last: 21, fate: "null value" },
      { first: 22, last: 22, fate: "lost" },
    ]);
  });
});

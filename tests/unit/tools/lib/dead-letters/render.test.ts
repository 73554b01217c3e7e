import { describe, expect, it } from "vitest";
import { parsePlace, type Letter } from "../../../../../tools/lib/dead-letters/letter";
import { readable, renderLetter, renderList } from "../../../../../tools/lib/dead-letters/render";

const letter: Letter = {
  topic: "top",
  partition: 1,
  offset: 230,
  receivedAt: "2026-11-25T01:00:00Z",
  key: "730",
  errors: ["Contract: rank cannot be 70000"],
  raw: Buffer.alloc(0),
  readAs: ['{"rank":70000}'],
  headers: [{ name: "sender", value: "a test" }],
  replays: 1,
};

describe("a place", () => {
  it("is partition and offset", () => {
    expect(parsePlace("1/230", "top")).toEqual({ topic: "top", partition: 1, offset: 230 });
  });

  it.each(["", "1", "1/", "/2", "1/2/3", "a/b", "-1/2", "1/2 OR 1"])("is not %j", (text) => {
    expect(() => parsePlace(text, "top")).toThrow("is no place of a message");
  });
});

describe("a dead letter in words", () => {
  it("is one line in a list, that says whether it was sent again", () => {
    expect(renderList([letter]).split("\n")[1]).toBe(
      "top    1/230  2026-11-25T01:00:00Z  replayed 1x  Contract: rank cannot be 70000",
    );
  });

  it("is told whole, and that its bytes are gone where they are", () => {
    const text = renderLetter(letter, undefined);
    for (const part of [
      "top 1/230",
      "sender: a test",
      '{"rank":70000}',
      "neither here nor in Kafka",
    ])
      expect(text).toContain(part);
  });

  it("shows bytes that are no text in hexadecimal, the first of them", () => {
    expect(readable(Buffer.from("äö"))).toBe("äö");
    expect(readable(Buffer.from([0xff, 0xfe]))).toBe("2 bytes, not UTF-8: fffe");
    expect(readable(Buffer.alloc(1_000, 0xff))).toMatch(/^1000 bytes, not UTF-8: (ff){256}\.\.\.$/);
  });
});

import { describe, expect, it } from "vitest";
import { endToEnd } from "../../bench/producer/end-to-end";
import { createProgress } from "../../tools/lib/progress";
import { temporaryDirectory } from "./producer-process";

const ROWS = 100_000;
const START_TIMEOUT_MS = 900_000;

describe("a file of rows", () => {
  it(
    "is in MergeTree row by row, each once, as a short form of what runs each night",
    async () => {
      const done = await endToEnd({ rows: ROWS }, temporaryDirectory(), createProgress());
      const { rows, acked, messages, stored, distinct, agrees } = done;
      expect({ rows, acked, messages, stored, distinct }).toEqual({
        rows: ROWS,
        acked: ROWS,
        messages: ROWS,
        stored: ROWS,
        distinct: ROWS,
      });
      expect(agrees).toBe(true);
    },
    START_TIMEOUT_MS,
  );
});

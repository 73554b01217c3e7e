import { PassThrough } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { createProgress, seconds } from "../../../../tools/lib/progress";

describe("seconds", () => {
  it.each([
    [0, "0.0 s"],
    [440, "0.4 s"],
    [9949, "9.9 s"],
    [9950, "10 s"],
    [59_400, "59 s"],
    [59_600, "1 min 00 s"],
    [185_000, "3 min 05 s"],
  ])("%d ms reads as %s", (ms, text) => {
    expect(seconds(ms)).toBe(text);
  });
});

describe("a progress in a log", () => {
  it("leaves no line for a short step, one for a long one, and says what goes on", async () => {
    vi.useFakeTimers();
    try {
      const out = new PassThrough();
      const progress = createProgress(out as unknown as NodeJS.WriteStream);
      expect(await progress.step("short", () => Promise.resolve(7))).toBe(7);
      progress.note("a note");
      const long = progress.step("long", async (say) => {
        say("half-way");
        await new Promise((resolve) => setTimeout(resolve, 16_000));
      });
      await vi.advanceTimersByTimeAsync(16_000);
      await long;
      await expect(progress.step("bad", () => Promise.reject(new Error("x")))).rejects.toThrow("x");
      expect(String(out.read()).split("\n")).toEqual([
        "  a note",
        "  long ... 15 s (half-way)",
        "  long: done in 16 s",
        "  bad: failed after 0.0 s",
        "",
      ]);
    } finally {
      vi.useRealTimers();
    }
  });
});

import { describe, expect, it } from "vitest";
import { PipelineError } from "../../../pipeline/errors";
import { backoff, wait, waitUntil, within } from "../../../pipeline/wait";
import { never } from "./listen";

describe("backoff", () => {
  it("doubles up to its bound, and is shortened by at most half", () => {
    for (const [attempt, ceiling] of [
      [1, 100],
      [2, 200],
      [4, 800],
      [5, 1000],
      [1000, 1000],
    ] as const)
      for (let i = 0; i < 50; i++) {
        const pause = backoff(attempt, 100, 1000);
        expect(pause).toBeGreaterThanOrEqual(ceiling / 2);
        expect(pause).toBeLessThanOrEqual(ceiling);
      }
  });
});

describe("wait", () => {
  it("ends with STOPPED at once when aborted", async () => {
    const stop = new AbortController();
    const waiting = wait(60_000, stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "STOPPED" });
  });

  it("until a time does not return before the clock shows it", async () => {
    const time = Date.now() + 20;
    await waitUntil(time, never);
    expect(Date.now()).toBeGreaterThanOrEqual(time);
  });
});

describe("within", () => {
  const late = () => new PipelineError("KAFKA_UNREACHABLE", "too late");

  it("gives the result of work that ends in time", async () => {
    expect(await within(1000, Promise.resolve(7), late)).toBe(7);
  });

  it("fails with the given error where work hangs", async () => {
    await expect(within(5, new Promise(() => undefined), late)).rejects.toThrow("too late");
  });
});

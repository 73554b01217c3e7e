import { describe, expect, it } from "vitest";
import { PipelineError } from "../../../pipeline/errors";
import { backoff, limited, wait, waitUntil, within } from "../../../pipeline/wait";
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

describe("limited", () => {
  it("gives what the work gives", async () => {
    expect(await limited(1_000, never, async () => 7)).toBe(7);
  });

  it("ends the work when its time is over", async () => {
    await expect(limited(5, never, (signal) => wait(1_000, signal))).rejects.toMatchObject({
      code: "STOPPED",
      cause: { cause: { name: "TimeoutError" } },
    });
  });

  it("ends it when it is told to, before or meanwhile", async () => {
    const stop = new AbortController();
    const work = limited(10_000, stop.signal, (signal) => wait(10_000, signal));
    stop.abort();
    await expect(work).rejects.toMatchObject({ code: "STOPPED" });
    const other = limited(10_000, stop.signal, (signal) => wait(10_000, signal));
    await expect(other).rejects.toMatchObject({ code: "STOPPED" });
  });
});

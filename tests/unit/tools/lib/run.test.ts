import { afterEach, describe, expect, it, vi } from "vitest";
import { capture, handOver, stream } from "../../../../tools/lib/run";

const sh = (script: string) => ["-c", script];
afterEach(() => vi.restoreAllMocks());

describe("capture", () => {
  it("keeps what a program says, and its exit code", async () => {
    expect(await capture("sh", sh("echo out; echo err >&2; exit 3"))).toEqual({
      code: 3,
      killed: false,
      stdout: "out\n",
      stderr: "err\n",
    });
  });

  it("hands over input and environment", async () => {
    const env = { PATH: process.env["PATH"], A: "b" };
    expect(await capture("sh", sh('cat; printf "$A"'), { input: "in", env })).toMatchObject({
      stdout: "inb",
    });
  });

  it("has codes for a program that is absent, too slow, or killed", async () => {
    expect(await capture("no-such-program-here", [])).toMatchObject({ code: 127, killed: false });
    expect(await capture("sleep", ["30"], { timeoutMs: 50 })).toMatchObject({ code: 124 });
    expect(await capture("sh", sh("kill -9 $$"))).toMatchObject({ code: 1, killed: true });
  });
});

describe("stream", () => {
  it("passes on what a program says, keeps it, and takes its handlers away again", async () => {
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const before = process.listenerCount("SIGTERM");
    expect(await stream("sh", sh("echo out; exit 4"))).toMatchObject({
      code: 4,
      killed: false,
      stdout: "out\n",
    });
    expect(write).toHaveBeenCalledWith("out\n");
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });

  it("tells an interrupted program from a killed one", async () => {
    expect(await stream("sh", sh("kill -INT $$"))).toMatchObject({ code: 130, killed: true });
    expect(await stream("sh", sh("kill -9 $$"))).toMatchObject({ code: 1, killed: true });
  });
});

describe("handOver", () => {
  it("gives the exit code, and fails where there is no such program", async () => {
    expect(await handOver("sh", sh("exit 5"))).toBe(5);
    await expect(handOver("no-such-program-here", [])).rejects.toThrow(/ENOENT/);
    expect(process.listenerCount("SIGINT")).toBe(0);
  });
});

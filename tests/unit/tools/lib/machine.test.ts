import { spawn } from "node:child_process";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { processStart, thisMachine } from "../../../../tools/lib/machine";

const stat = (name: string, ticks: number) =>
  `4711 (${name}) S 1 4711 4711 0 -1 4194304 127 0 0 0 0 0 0 0 20 0 1 0 ${ticks} 2990080 411 1844674`;

describe("processStart", () => {
  it("counts from the machine's start", () => {
    expect(processStart(stat("node", 30_000), "587.00 710.71", 1_000_000)).toBe(
      1_000_000 - 587_000 + 300_000,
    );
  });

  it("is not misled by a program's name", () => {
    expect(processStart(stat("a (b) c", 58_700), "587.00 1.0", 1_000_000)).toBe(1_000_000);
  });

  it("is unknown where both do not belong together", () => {
    expect(processStart(stat("node", 90_000), "587.00 710.71", 1_000_000)).toBeNaN();
    expect(processStart("", "", 1_000_000)).toBeNaN();
  });
});

describe.runIf(process.platform === "linux")("thisMachine", () => {
  it("tells when a living process began, although it looks at it only now", () => {
    const startedAt = thisMachine.startOf(process.pid);
    expect(Math.abs((startedAt ?? 0) - performance.timeOrigin)).toBeLessThan(1500);
  });

  it("knows that a process is gone", async () => {
    const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
    await once(child, "close");
    expect(thisMachine.startOf(child.pid!)).toBeUndefined();
  });

  it("counts a process as gone that was killed and whose parent has not noticed", async () => {
    // `sleep` takes the shell's place, before the shell itself can ask after its child, and never asks after it.
    const parent = spawn("sh", ["-c", "sleep 0.5 & echo $!; exec sleep 30"]);
    try {
      const [printed] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(printed.toString());
      await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, "utf8")).toContain(") Z "), {
        timeout: 5_000,
      });
      expect(thisMachine.startOf(pid)).toBeUndefined();
    } finally {
      parent.kill("SIGKILL");
    }
  });
});

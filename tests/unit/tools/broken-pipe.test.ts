import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

describe("a command whose reader goes away, as head does", () => {
  it("ends as it would have, without a stack trace", async () => {
    const start = join(__dirname, "../../../tools/start.cjs");
    const child = spawn(process.execPath, [start, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let told = "";
    child.stderr.on("data", (chunk: Buffer) => (told += chunk.toString()));
    const [code] = (await once(child, "close")) as [number];
    expect({ code, told }).toEqual({ code: 0, told: "" });
  }, 30_000);
});

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stageProducerImage, type StagedImage } from "../../../pipeline/bundle";

const run = promisify(execFile);

describe("stageProducerImage", () => {
  const outDir = mkdtempSync(join(tmpdir(), "bundle-"));
  let staged: StagedImage;
  beforeAll(() => {
    staged = stageProducerImage(outDir);
  });
  afterAll(() => rmSync(outDir, { recursive: true }));

  it("makes all that the image holds, in a directory named after its content", () => {
    expect(readdirSync(staged.contextDir).sort()).toEqual([
      "Dockerfile",
      "lz4_wasm_nodejs_bg.wasm",
      "producer.js",
      "simulator.js",
      "zstd.wasm",
    ]);
    expect(staged.contextDir).toBe(join(outDir, `producer-${staged.contentHash}`));
  });

  it("is not made again while nothing changes", () => {
    expect(stageProducerImage(outDir)).toEqual(staged);
    expect(readdirSync(outDir)).toHaveLength(1);
  });

  it("holds a producer that runs by itself and tells what its environment lacks", async () => {
    const running = run(process.execPath, [join(staged.contextDir, "producer.js")], {
      cwd: tmpdir(),
      env: {},
    });
    await expect(running).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/KAFKA_BROKERS is not set/) as string,
    });
  });

  it("holds a simulator that runs by itself", async () => {
    const running = run(process.execPath, [join(staged.contextDir, "simulator.js")], {
      cwd: tmpdir(),
      env: { PORT: "none" },
    });
    await expect(running).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/PORT: "none" is not allowed/) as string,
    });
  });
});

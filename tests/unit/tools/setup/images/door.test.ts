import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkout } from "../../../../../tools/lib/paths";
import { doorDigest } from "../../../../../tools/setup/images/door";

describe("the digest of ClickHouse's programs", () => {
  let directory: string;
  let source: string;
  let bundles: number;
  const text = () => `program ${bundles}`;
  const bundle = () => {
    bundles++;
    return { files: [{ name: "door.js", text: text() }], inputs: [relative(checkout, source)] };
  };
  const take = () => doorDigest(join(directory, "record.json"), bundle);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "door-"));
    source = join(directory, "main.ts");
    writeFileSync(source, "one");
    bundles = 0;
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("bundles once, and again when a source changed", async () => {
    const first = await take();
    expect(await take()).toBe(first);
    expect(bundles).toBe(1);
    writeFileSync(source, "two");
    expect(await take()).not.toBe(first);
    expect(bundles).toBe(2);
  });

  it("bundles again when a source went, or the record cannot be read", async () => {
    await take();
    writeFileSync(join(directory, "record.json"), "{");
    await take();
    rmSync(source);
    await take();
    expect(bundles).toBe(3);
  });
});

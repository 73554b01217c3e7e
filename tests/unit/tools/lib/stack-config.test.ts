import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const place = vi.hoisted(() => ({ dir: "" }));
vi.mock("../../../../tools/lib/paths", async (original) => ({
  ...(await original()),
  paths: {
    tracked: (stack: string) => join(place.dir, `Pulumi.${stack}.yaml`),
    settings: (stack: string) => join(place.dir, "settings", `${stack}.json`),
    merged: (stack: string) => join(place.dir, "config", `Pulumi.${stack}.yaml`),
    editable: (stack: string) => join(place.dir, "edit", `Pulumi.${stack}.yaml`),
  },
}));
const { readSettings, writeSettings } = await import("../../../../tools/lib/settings");
const { configValue, keepChanges, readTracked, valueIn, writeEditable, writeMerged } =
  await import("../../../../tools/lib/stack-config");
const { projectName } = await import("../../../../tools/lib/paths");
const own = projectName();
const { readIfThere } = await import("../../../../tools/lib/files");

beforeEach(() => {
  place.dir = mkdtempSync(join(tmpdir(), "steamline-settings-"));
});
afterEach(() => rmSync(place.dir, { recursive: true, force: true }));
const tracked = () => join(place.dir, "Pulumi.dev.yaml");

describe("stack config", () => {
  it("is merged for Pulumi beside the tracked file, which stays as it is", () => {
    writeFileSync(tracked(), `# ours\nconfig:\n  ${own}:partitions: 6\n`);
    writeSettings("dev", { found: { imageSource: "local" }, secrets: {} });
    const { file, content } = writeMerged("dev");
    expect(file).not.toBe(tracked());
    expect(content.config).toEqual({
      [`${own}:imageSource`]: "local",
      [`${own}:partitions`]: 6,
    });
    keepChanges("dev", file, content);
    expect(readIfThere(tracked())).toBe(`# ours\nconfig:\n  ${own}:partitions: 6\n`);
    expect(readSettings("dev").found).toEqual({ imageSource: "local" });
  });

  it("takes what `pulumi config set` wrote to the tracked file, and nothing found with it", () => {
    writeFileSync(tracked(), `# ours\nconfig:\n  ${own}:partitions: 6\n`);
    writeSettings("dev", { found: { imageSource: "local" }, secrets: {} });
    const { file, content } = writeEditable("dev");
    writeFileSync(file, `config:\n  ${own}:partitions: "9"\n`);
    keepChanges("dev", file, content);
    expect(readIfThere(tracked())).toBe(`# ours\nconfig:\n  ${own}:partitions: "9"\n`);
  });

  it("makes no tracked file for a stack that has none", () => {
    const { file, content } = writeMerged("dev");
    keepChanges("dev", file, content);
    expect(readIfThere(tracked())).toBeUndefined();
    expect(readTracked("dev")).toEqual({ config: {} });
  });
});

describe("config values", () => {
  const content = {
    config: {
      [`${own}:partitions`]: 6,
      [`${own}:grafana`]: false,
      [`${own}:source`]: "",
      [`${own}:steamApiKey`]: { secure: "v1:x" },
    },
  };

  it("are plain text, and none where a key is absent, empty or secret", () => {
    expect(valueIn(content, "partitions")).toBe("6");
    expect(valueIn(content, "grafana")).toBe("false");
    for (const key of ["source", "steamApiKey", "ttlDays"]) {
      expect(valueIn(content, key), key).toBeUndefined();
    }
  });

  it("fall back to the defaults of Pulumi.yaml", () => {
    expect(configValue(content, "partitions")).toBe("6");
    expect(configValue(content, "ttlDays")).toBe("90");
    expect(configValue(content, "clickhouseEngine")).toBe("");
    expect(configValue(content, "noSuchKey")).toBe("");
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const own = "acme";
const place = vi.hoisted(() => ({ dir: "" }));
vi.mock("../../../../tools/lib/paths", () => ({
  checkout: "/checkout",
  projectName: () => own,
  paths: {
    get state() {
      return `${place.dir}/state`;
    },
    get passphrase() {
      return `${place.dir}/local/passphrase`;
    },
  },
}));
const { findBackend, lockDirectory, passphraseEnv, prepareBackend, stateFile } =
  await import("../../../../tools/lib/backend");

beforeEach(() => {
  place.dir = mkdtempSync(join(tmpdir(), "steamline-backend-"));
});
afterEach(() => rmSync(place.dir, { recursive: true, force: true }));

describe("findBackend", () => {
  it("is files inside the checkout where nothing else is said", () => {
    const backend = findBackend({});
    expect(backend).toEqual({
      url: `${pathToFileURL(join(place.dir, "state")).href}?metadata=skip`,
      directory: join(place.dir, "state", ".pulumi"),
    });
    expect(findBackend({ PULUMI_BACKEND_URL: "" })).toEqual(backend);
  });

  it.each([
    ["file:///var/state", "/var/state/.pulumi"],
    ["file:///with%20blank", "/with blank/.pulumi"],
    ["file://~/state", "/home/me/state/.pulumi"],
    ["file://~", "/home/me/.pulumi"],
    ["file://./state", "/checkout/state/.pulumi"],
    ["file:///var/state?no_tmp_dir=true", "/var/state/.pulumi"],
    ["s3://bucket/path", undefined],
    ["https://api.pulumi.com", undefined],
  ])("knows where %s keeps its files", (url, directory) => {
    expect(findBackend({ PULUMI_BACKEND_URL: url, HOME: "/home/me" })).toEqual({ url, directory });
  });
});

describe("files of a backend", () => {
  it("are those of Pulumi's own layout", () => {
    const backend = findBackend({ PULUMI_BACKEND_URL: "file:///s" });
    expect(stateFile(backend, "dev")).toBe(`/s/.pulumi/stacks/${own}/dev.json`);
    expect(lockDirectory(backend, "dev")).toBe(`/s/.pulumi/locks/organization/${own}/dev`);
    expect(stateFile({ url: "s3://b", directory: undefined }, "dev")).toBeUndefined();
  });

  it("are its owner's alone in the checkout's own", () => {
    prepareBackend(findBackend({}));
    expect(statSync(join(place.dir, "state")).mode & 0o777).toBe(0o700);
  });
});

describe("passphraseEnv", () => {
  const file = () => join(place.dir, "local", "passphrase");

  it("makes a passphrase once, readable by its owner only", () => {
    const backend = findBackend({});
    expect(passphraseEnv({}, backend)).toEqual({ PULUMI_CONFIG_PASSPHRASE_FILE: file() });
    const first = readFileSync(file(), "utf8");
    expect(first.trim()).toHaveLength(43);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    passphraseEnv({}, backend);
    expect(readFileSync(file(), "utf8")).toBe(first);
  });

  it("leaves a passphrase of the environment alone, the empty one included", () => {
    expect(passphraseEnv({ PULUMI_CONFIG_PASSPHRASE: "" }, findBackend({}))).toEqual({});
    expect(passphraseEnv({ PULUMI_CONFIG_PASSPHRASE_FILE: "/p" }, findBackend({}))).toEqual({});
    expect(() => statSync(file())).toThrow();
  });

  it("makes no new one where stacks stand encrypted with one that is gone", () => {
    const stacks = join(place.dir, "state", ".pulumi", "stacks", own);
    mkdirSync(stacks, { recursive: true });
    writeFileSync(join(stacks, "dev.json"), "{}");
    expect(() => passphraseEnv({}, findBackend({}))).toThrow(/passphrase is gone/);
    expect(() => statSync(file())).toThrow();
  });
});

import { describe, expect, it } from "vitest";
import { decide } from "../../../../../tools/setup/images/decide";
import type { ImageStore } from "../../../../../tools/setup/images/engine-api";

const official = ["a/kafka:1", "a/clickhouse:1"];

function store(present: string[], refusals: Record<string, string> = {}): ImageStore {
  return {
    present: async (references) => new Set(references.filter((name) => present.includes(name))),
    lookUp: async (reference) => refusals[reference],
  };
}

const unasked: ImageStore = {
  present: () => Promise.reject(new Error("asked")),
  lookUp: () => Promise.reject(new Error("asked")),
};

describe("where images come from", () => {
  it("is as the config says, without asking the engine", async () => {
    expect(await decide("registry", official, unasked)).toMatchObject({ imageSource: "registry" });
    expect(await decide("local", official, unasked)).toMatchObject({ imageSource: "local" });
  });

  it("is the registry where the engine can look all of them up", async () => {
    const { imageSource, reason } = await decide("auto", official, store([]));
    expect(imageSource).toBe("registry");
    expect(reason).toBe("The Docker engine can fetch the official images.");
  });

  it("is the registry where the engine has them all, with no network", async () => {
    const refusals = { "a/kafka:1": "no such host", "a/clickhouse:1": "no such host" };
    const { imageSource } = await decide("auto", official, store(official, refusals));
    expect(imageSource).toBe("registry");
  });

  it("is this machine where one of them cannot be had, and says which and why", async () => {
    const refusals = { "a/clickhouse:1": "dial tcp:\n no such host" };
    expect(await decide("auto", official, store(["a/kafka:1"], refusals))).toEqual({
      imageSource: "local",
      reason:
        "The Docker engine cannot fetch a/clickhouse:1 (dial tcp: no such host), so images are built on this machine.",
    });
  });

  it("keeps the end of a long reason", async () => {
    const refusals = { "a/kafka:1": `${"x".repeat(500)} connection refused` };
    const { reason } = await decide("auto", official, store([], refusals));
    expect(reason.length).toBeLessThan(250);
    expect(reason).toContain("x connection refused");
  });
});

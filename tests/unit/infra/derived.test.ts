import { randomUUID } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { allDashboards, defaultOptions } from "../../../dashboards";
import { dashboardFiles } from "../../../infra/dashboard-files";
import { derived } from "../../../infra/derived";

const kind = `test-${randomUUID()}`;
const directory = join(__dirname, "../../../.steamline/cache", kind);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("what is derived from inputs", () => {
  it("is known again for the same inputs, and for no others", () => {
    const first = derived<string>(kind, ["a", { b: 1 }]);
    expect(first.known).toBeUndefined();
    first.keep("value");
    expect(derived(kind, ["a", { b: 1 }]).known).toBe("value");
    expect(derived(kind, ["a", { b: 2 }]).known).toBeUndefined();
  });

  it("is kept for the latest inputs only, so that the cache does not grow", () => {
    for (let i = 0; i < 60; i++) derived(kind, i).keep(i);
    expect(readdirSync(directory)).toHaveLength(40);
  });
});

describe("dashboards", () => {
  it("are the same, generated or known from before", () => {
    const options = { ...defaultOptions, pollIntervalSeconds: 61 };
    const files = allDashboards(options);
    expect(dashboardFiles(options)).toEqual(files);
    expect(dashboardFiles(options)).toEqual(files);
    expect(dashboardFiles(defaultOptions)).not.toEqual(files);
  });
});

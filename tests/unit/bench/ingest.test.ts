import { describe, expect, it } from "vitest";
import { isMet, renderReport, reportOf, type Sample, type Who } from "../../../bench/ingest/report";

const machine = { processor: "p", cores: 2, memoryGib: 8, node: "v20" };
const sample = (name: Who, single: number, packed: number, p99Ms = 800): Sample => ({
  name,
  single,
  packed,
  latency: { p50Ms: 400, p99Ms, records: 1_000 },
});
const report = (...ours: Sample[]) =>
  reportOf(machine, 1_000, 100, [
    sample("guide", 100, 200, 7_500),
    sample("safety off", 200, 400),
    ...ours,
  ]);

describe("the report of ingestion", () => {
  it("compares the median of ours with the guide's and with safety off", () => {
    const found = report(sample("ours", 160, 300), sample("ours", 150, 320), sample("ours", 900, 310)); // prettier-ignore
    expect(found.ratios.map(({ value }) => value)).toEqual([0.8, 1.6, 3.1]);
    expect(isMet(found)).toBe(true);
  });

  it("is missed by a ratio too low, and by a hundredth too slow", () => {
    expect(isMet(report(sample("ours", 159, 310)))).toBe(false);
    expect(isMet(report(sample("ours", 160, 299)))).toBe(false);
    expect(isMet(report(sample("ours", 160, 310, 1_001)))).toBe(false);
    expect(renderReport(report(sample("ours", 150, 310)))).toMatch(/safety off +0\.75x.*missed/);
  });
});

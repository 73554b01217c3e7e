import { describe, expect, it } from "vitest";
import { addCounts, countLine, readReport } from "../../../../tools/lib/counts";

const report = (passed: number, failed: number, pending = 0, todo = 0) =>
  JSON.stringify({
    numTotalTests: passed + failed + pending + todo,
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: todo,
    success: failed === 0,
  });

describe("readReport", () => {
  it.each([
    ["a good run", report(5, 0), 0, { passed: 5, failed: 0, skipped: 0 }],
    ["failed tests", report(3, 2, 1, 1), 1, { passed: 3, failed: 2, skipped: 2 }],
    ["a file that could not be loaded", report(3, 0), 1, { passed: 3, failed: 1, skipped: 0 }],
    ["no report", undefined, 1, { passed: 0, failed: 1, skipped: 0 }],
    ["half a report", report(3, 0).slice(0, 20), 137, { passed: 0, failed: 1, skipped: 0 }],
    ["an empty project", report(0, 0), 0, { passed: 0, failed: 0, skipped: 0 }],
  ])("counts %s", (_what, text, code, counts) => {
    expect(readReport(text, code)).toEqual(counts);
  });
});

describe("countLine", () => {
  it("is plain, and tells of skipped tests only where there are any", () => {
    const total = addCounts(
      { passed: 5, failed: 0, skipped: 0 },
      { passed: 2, failed: 1, skipped: 0 },
    );
    expect(countLine(total)).toBe("7 passed, 1 failed");
    expect(countLine({ ...total, skipped: 3 })).toBe("7 passed, 1 failed, 3 skipped");
  });
});

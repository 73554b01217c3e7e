import { z } from "zod";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const schema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
});

/**
 * Counts of one run of vitest, by its JSON report and exit code. A run that failed without a failed test,
 * for instance in its set-up, counts as one failure.
 */
export function readReport(text: string | undefined, code: number): Counts {
  const parsed = schema.safeParse(parse(text));
  const counts = parsed.success
    ? {
        passed: parsed.data.numPassedTests,
        failed: parsed.data.numFailedTests,
        skipped: parsed.data.numPendingTests + parsed.data.numTodoTests,
      }
    : { passed: 0, failed: 0, skipped: 0 };
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    // A run that was killed leaves no report, or half of one.
    return undefined;
  }
}

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

export function countLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

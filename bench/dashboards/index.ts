import { loadavg } from "node:os";
import { createProgress } from "../../tools/lib/progress";
import { exitCodes } from "../../tools/lib/user-error";
import { describeMachine } from "../lib/machine";
import { readBenchOptions } from "../lib/options";
import { dashboardQueries, guideQueries, measure } from "./measure";
import { renderReport, type Report, type Scale } from "./report";
import { copyToGuide, countRows, fillMonth, repeatMonth, use } from "./tables";

const LARGE_ROWS = 100_000_000;
const TARGETS_MS = { month: 100, large: 300 };

/**
 * Times every query of every dashboard, on a month of rows and on a hundred million, beside the guide's
 * queries on tables that the guide's own statements make.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const { json, rounds, more } = readBenchOptions(
    argv,
    { rounds: 5 },
    { "month-only": { type: "boolean", description: "leave the hundred million rows out" } },
  );
  const progress = createProgress();
  const now = new Date();
  const scratch = await progress.step("a month of rows", () => fillMonth(now));
  try {
    const scaleOf = async (targetMs: number, name: string): Promise<Scale> => {
      const panels = await progress.step(`queries on ${name}`, () =>
        measure(scratch, dashboardQueries(), rounds, now),
      );
      await progress.step("the guide's tables", async () => copyToGuide(scratch));
      use(scratch, "guide");
      const guide = await measure(scratch, guideQueries(), rounds, now);
      use(scratch, "ours");
      return { rows: await countRows(scratch), targetMs, panels, guide };
    };
    const scales = [await scaleOf(TARGETS_MS.month, "a month")];
    if (!more.flag("month-only")) {
      await progress.step("a hundred million rows", () => repeatMonth(scratch, LARGE_ROWS));
      scales.push(await scaleOf(TARGETS_MS.large, "a hundred million rows"));
    }
    const report: Report = { machine: describeMachine(), rounds, load: loadavg()[1] ?? 0, scales };
    process.stdout.write(`${json ? JSON.stringify(report, null, 2) : renderReport(report)}\n`);
    return exitCodes.ok;
  } finally {
    scratch.close();
  }
}

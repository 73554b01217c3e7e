import { check } from "../check";
import type { Command } from "../lib/command";
import { createProgress } from "../lib/progress";
import { exitCodes } from "../lib/user-error";

export const command: Command = {
  summary: "checks dashboards and alerts without Grafana, and runs each of their queries",
  usage: "[--json]",
  notes:
    "Every query of every panel, variable, annotation and alert runs on the embedded engine, for three time\nranges, on a week of simulated rows and on empty tables.",
  options: { json: { type: "boolean", description: "print one JSON object" } },
  passOn: false,
  async run(args) {
    const report = await createProgress().step("trying every panel's queries", () => check());
    const { faults } = report;
    if (args.flag("json")) {
      process.stdout.write(`${JSON.stringify({ ok: faults.length === 0, ...report })}\n`);
    } else {
      for (const fault of faults) process.stdout.write(`${fault}\n`);
      process.stdout.write(
        `${report.dashboards} dashboards, ${report.panels} panels, ${report.alerts} alerts, ${report.queries} queries run: ` +
          `${faults.length === 0 ? "no fault" : `${faults.length} fault(s)`}\n`,
      );
    }
    return faults.length === 0 ? exitCodes.ok : exitCodes.failure;
  },
};

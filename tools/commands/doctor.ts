import { createColors } from "picocolors";
import type { Command } from "../lib/command";
import { examine } from "../setup";
import { plainPath } from "../lib/session";
import { alignTable } from "../lib/table";
import { exitCodes } from "../lib/user-error";

export const command: Command = {
  summary: "checks this machine and says what is missing and how to get it, changing nothing",
  usage: "[options]",
  options: { json: { type: "boolean", description: "print one JSON object: {healthy, checks}" } },
  passOn: false,
  async run(args) {
    process.env["PATH"] = plainPath(process.env);
    const checks = await examine();
    const healthy = checks.every(({ ok }) => ok);
    if (args.flag("json")) {
      process.stdout.write(`${JSON.stringify({ healthy, checks }, null, 2)}\n`);
      return healthy ? exitCodes.ok : exitCodes.failure;
    }
    const colors = createColors(process.stdout.isTTY);
    const rows = alignTable(
      checks.map(({ name, ok, detail }) => [ok ? "ok" : "MISSING", name, detail]),
    );
    checks.forEach(({ ok, fix }, i) => {
      const row = rows[i] ?? "";
      process.stdout.write(
        `${ok ? row.replace(/^ok/, colors.green("ok")) : row.replace(/^MISSING/, colors.red("MISSING"))}\n`,
      );
      if (!ok && fix) process.stdout.write(`         do: ${fix}\n`);
    });
    return healthy ? exitCodes.ok : exitCodes.failure;
  },
};

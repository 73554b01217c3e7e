import { join } from "node:path";
import { generatedFiles, staleMessage, writeGenerated } from "../check/generated";
import type { Command } from "../lib/command";
import { checkout } from "../lib/paths";
import { createProgress } from "../lib/progress";
import { exitCodes } from "../lib/user-error";

export const command: Command = {
  summary: "writes what dashboards and producer are compiled against, from sql/",
  usage: "[--check] [--json]",
  notes:
    "dashboards/generated/columns.ts has the columns of every table and query, pipeline/generated/tables.ts the\nrecords that Kafka tables take. What names a column that is gone no longer compiles.",
  options: {
    check: { type: "boolean", description: "write nothing, and fail where a file is out of date" },
    json: { type: "boolean", description: "print one JSON object" },
  },
  passOn: false,
  async run(args) {
    const files = await createProgress().step("asking the engine", () => generatedFiles());
    const stale = files.filter(({ isStale }) => isStale);
    const isCheck = args.flag("check");
    if (!isCheck) for (const { name, text } of stale) writeGenerated(join(checkout, name), text);
    const ok = !isCheck || stale.length === 0;
    if (args.flag("json")) {
      const told = files.map(({ name, isStale }) => ({ name, isStale }));
      process.stdout.write(`${JSON.stringify({ ok, files: told })}\n`);
      return ok ? exitCodes.ok : exitCodes.failure;
    }
    for (const file of files) {
      const { name, isStale } = file;
      const done = isCheck ? staleMessage(file) : `wrote ${name}`;
      process.stdout.write(isStale ? `${done}\n` : `${name} is up to date\n`);
    }
    return ok ? exitCodes.ok : exitCodes.failure;
  },
};

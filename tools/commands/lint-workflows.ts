import type { Command } from "../lib/command";
import { createProgress } from "../lib/progress";
import { exitCodes } from "../lib/user-error";
import { lintWorkflows, workflowFiles } from "../lib/workflow-lint";

export const command: Command = {
  summary: "checks the workflows in .github/ with actionlint, which it builds from its Go module",
  usage: "[--json]",
  options: { json: { type: "boolean", description: "print one JSON object: {ok, files, faults}" } },
  passOn: false,
  async run(args) {
    const files = workflowFiles();
    const faults = await lintWorkflows(files, createProgress());
    const ok = faults.length === 0;
    if (args.flag("json")) {
      process.stdout.write(`${JSON.stringify({ ok, files, faults }, null, 2)}\n`);
    } else {
      for (const { filepath, line, column, message, kind } of faults)
        process.stdout.write(`${filepath}:${line}:${column}: ${message} [${kind}]\n`);
      process.stdout.write(
        `${files.length} workflows: ${ok ? "no fault" : `${faults.length} fault(s)`}\n`,
      );
    }
    return ok ? exitCodes.ok : exitCodes.failure;
  },
};

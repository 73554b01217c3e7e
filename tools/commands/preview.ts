import { createRequire } from "node:module";
import { stackOption } from "../lib/arguments";
import type { Command } from "../lib/command";
import { refuseMoves } from "../lib/moves";
import type * as Report from "../lib/preview-report";
import { createProgress } from "../lib/progress";
import { runPulumi } from "../lib/pulumi";
import { chosenStack, openFullSession } from "../lib/session";
import { ensureStack } from "../lib/stack";
import { readState } from "../lib/state";

export const command: Command = {
  summary: "shows what up would change, changing nothing",
  usage: "[options] [pulumi preview's options]",
  options: {
    ...stackOption,
    markdown: {
      type: "boolean",
      description: "print a summary the size of a pull-request comment, policy included",
    },
    out: { type: "string", value: "FILE", description: "write that summary to a file" },
    policy: {
      type: "boolean",
      description: "hold what there would be against the rules of docs/environments.md",
    },
    json: {
      type: "boolean",
      description:
        "with --policy, print one JSON object: {stack, failed, violations}; else pulumi's own",
    },
  },
  notes:
    "A rule that is mandatory and not kept makes the exit code 1, with --policy and --markdown.",
  passOn: true,
  async run(args) {
    const stack = chosenStack(args.text("stack"));
    const session = await openFullSession(stack, createProgress());
    await ensureStack(session);
    refuseMoves(session, await readState(session));
    const file = args.text("out");
    if (args.flag("policy") || args.flag("markdown") || file !== undefined) {
      // Loaded where it is needed, as a plain preview is to be fast.
      const report = createRequire(__filename)("../lib/preview-report") as typeof Report;
      return args.flag("policy")
        ? report.reportPolicy(session, args)
        : report.reportMarkdown(session, args, file);
    }
    const rest = args.flag("json") ? ["--json", ...args.rest] : args.rest;
    return (await runPulumi(session, "preview", rest)).code;
  },
};

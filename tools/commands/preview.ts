import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { stackOption, type Arguments } from "../lib/arguments";
import type { Command } from "../lib/command";
import { summarize } from "../lib/markdown";
import { previewWithPolicy } from "../lib/policy";
import { policyMarkdown, renderPolicy } from "../lib/policy/render";
import { createProgress } from "../lib/progress";
import { runPulumi } from "../lib/pulumi";
import { chosenStack, openFullSession, type Session } from "../lib/session";
import { ensureStack } from "../lib/stack";

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
    if (args.flag("policy")) return policy(session, args);
    const file = args.text("out");
    if (args.flag("markdown") || file !== undefined) return markdown(session, args, file);
    const rest = args.flag("json") ? ["--json", ...args.rest] : args.rest;
    return (await runPulumi(session, "preview", rest)).code;
  },
};

async function policy(session: Session, args: Arguments): Promise<number> {
  const { preview, violations, failed, code } = await previewWithPolicy(session, args.rest);
  const { stack } = session;
  if (args.flag("json"))
    process.stdout.write(`${JSON.stringify({ stack, failed, violations }, null, 2)}\n`);
  else if (!failed || violations.length > 0)
    process.stdout.write(`${renderPolicy(stack, violations)}\n`);
  if (failed) process.stderr.write(summarize(stack, preview, true));
  return code;
}

async function markdown(
  session: Session,
  args: Arguments,
  file: string | undefined,
): Promise<number> {
  const { preview, violations, failed, code } = await previewWithPolicy(session, args.rest);
  const policy = failed && violations.length === 0 ? "" : policyMarkdown(violations);
  const text = summarize(session.stack, preview, failed) + policy;
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(resolve(process.env["INIT_CWD"] ?? "", file), text);
  return code;
}

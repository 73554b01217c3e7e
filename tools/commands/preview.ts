import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { stackOption } from "../lib/arguments";
import type { Command } from "../lib/command";
import { explain } from "../lib/explain";
import { parsePreview, summarize } from "../lib/markdown";
import { createProgress } from "../lib/progress";
import { runPulumi } from "../lib/pulumi";
import { capture } from "../lib/run";
import { chosenStack, openFullSession, type Session } from "../lib/session";
import { ensureStack } from "../lib/stack";
import { writeMerged } from "../lib/stack-config";
import { checkout } from "../lib/paths";
import { UserError } from "../lib/user-error";

export const command: Command = {
  summary: "shows what up would change, changing nothing",
  usage: "[options] [pulumi preview's options]",
  options: {
    ...stackOption,
    markdown: {
      type: "boolean",
      description: "print a summary the size of a pull-request comment",
    },
    out: { type: "string", value: "FILE", description: "write that summary to a file" },
  },
  passOn: true,
  async run(args) {
    const stack = chosenStack(args.text("stack"));
    const session = await openFullSession(stack, createProgress());
    await ensureStack(session);
    const file = args.text("out");
    if (!args.flag("markdown") && file === undefined) {
      return (await runPulumi(session, "preview", args.rest)).code;
    }
    const { text, code } = await markdown(session, args.rest);
    if (file === undefined) process.stdout.write(text);
    else writeFileSync(resolve(process.env["INIT_CWD"] ?? "", file), text);
    return code;
  },
};

async function markdown(
  session: Session,
  rest: readonly string[],
): Promise<{ text: string; code: number }> {
  const { file } = writeMerged(session.stack);
  const args = ["preview", "--json", "--non-interactive", "--config-file", file, ...rest];
  const finished = await capture(session.toolchain.pulumi, args, {
    cwd: checkout,
    env: session.env,
  });
  const preview = parsePreview(finished.stdout);
  if (preview)
    return { text: summarize(session.stack, preview, finished.code !== 0), code: finished.code };
  throw (
    explain(finished.stderr) ??
    new UserError(
      "PULUMI_FAILED",
      `pulumi preview ended with code ${finished.code}: ${finished.stderr.trim()}`,
      {
        fix: "npm run preview shows it in full",
      },
    )
  );
}

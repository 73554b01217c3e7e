import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Arguments } from "./arguments";
import { summarize } from "./markdown";
import { previewWithPolicy } from "./policy";
import { policyMarkdown, renderPolicy } from "./policy/render";
import type { Session } from "./session";

/** Prints what of the previewed stack the rules do not allow. @returns the exit code */
export async function reportPolicy(session: Session, args: Arguments): Promise<number> {
  const { preview, violations, failed, code } = await previewWithPolicy(session, args.rest);
  const { stack } = session;
  if (args.flag("json"))
    process.stdout.write(`${JSON.stringify({ stack, failed, violations }, null, 2)}\n`);
  else if (!failed || violations.length > 0)
    process.stdout.write(`${renderPolicy(stack, violations)}\n`);
  if (failed) process.stderr.write(summarize(stack, preview, true));
  return code;
}

/** Prints the preview as a comment, or writes it to `file`. @returns the exit code */
export async function reportMarkdown(
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

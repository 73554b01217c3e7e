import { explain } from "./explain";
import { parsePreview, type Preview } from "./markdown";
import { checkout } from "./paths";
import { capture } from "./run";
import type { Session } from "./session";
import { writeMerged } from "./stack-config";
import { UserError } from "./user-error";

export interface PreviewRun {
  preview: Preview;
  /** Pulumi's exit code. */
  code: number;
}

/**
 * Previews the session's stack as data, with further options of `pulumi preview`. A preview that failed on its
 * way is one too, as far as it came.
 * @throws UserError where Pulumi failed before it had one.
 */
export async function previewAsData(
  session: Session,
  rest: readonly string[] = [],
): Promise<PreviewRun> {
  const { file } = writeMerged(session.stack);
  const args = ["preview", "--json", "--non-interactive", "--config-file", file, ...rest];
  const finished = await capture(session.toolchain.pulumi, args, {
    cwd: checkout,
    env: session.env,
  });
  const preview = parsePreview(finished.stdout);
  if (preview) return { preview, code: finished.code };
  throw (
    explain(finished.stderr) ??
    new UserError(
      "PULUMI_FAILED",
      `pulumi preview ended with code ${finished.code}: ${finished.stderr.trim()}`,
      { fix: "npm run preview shows it in full" },
    )
  );
}

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { buildComponents } from "../setup/toolchain/build";
import { workflowLinter } from "../setup/toolchain/components";
import { checkout } from "./paths";
import type { Progress } from "./progress";
import { capture } from "./run";
import { UserError } from "./user-error";

/** One thing that GitHub would refuse, or do otherwise than the file seems to say. */
const faultSchema = z.object({
  message: z.string(),
  filepath: z.string(),
  line: z.number(),
  column: z.number(),
  /** The linter's rule. */
  kind: z.string(),
});

export type WorkflowFault = z.infer<typeof faultSchema>;

/** The workflows of this project, as paths from the checkout. */
export function workflowFiles(): string[] {
  const directory = join(".github", "workflows");
  return readdirSync(join(checkout, directory))
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/**
 * The faults of workflows, in the order of their files. The linter is built on first use.
 * @throws UserError (TOOLCHAIN) where it cannot be built, or cannot read a file.
 */
export async function lintWorkflows(
  files: readonly string[],
  progress: Progress,
): Promise<WorkflowFault[]> {
  const linter = workflowLinter();
  const [place = ""] = await buildComponents([linter], progress);
  const config = join(checkout, ".github", "actionlint.yaml");
  // Further linters of what is in `run` are found on some machines only, and would make a difference between them.
  const alone = ["-shellcheck=", "-pyflakes="];
  const args = [...alone, "-config-file", config, "-format", "{{json .}}", ...files];
  const { code, stdout, stderr } = await capture(join(place, linter.program), args, {
    cwd: checkout,
  });
  if (code > 1) {
    throw new UserError("TOOLCHAIN", `actionlint ended with ${code}: ${stderr.trim()}`, {
      where: files.join(", "),
      fix: "see what it says of the file",
    });
  }
  return z.array(faultSchema).parse(JSON.parse(stdout));
}

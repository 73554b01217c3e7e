import { explain } from "./explain";
import { begin, finish } from "./marker";
import { checkout } from "./paths";
import { stream, type Finished } from "./run";
import type { Session } from "./session";
import { keepChanges, writeMerged } from "./stack-config";
import { UserError } from "./user-error";

/** Pulumi's commands that deploy, and so can leave something unfinished when they are killed. */
type Operation = "up" | "preview" | "destroy" | "refresh";

/**
 * Runs Pulumi in the foreground with the stack's merged config, and keeps config that it changed.
 * The exit code is Pulumi's. Failures whose meaning is known are thrown.
 * @throws UserError for a failure that a person can mend.
 */
export async function runPulumi(
  session: Session,
  operation: Operation,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  const { file, content } = writeMerged(session.stack);
  const changes = operation !== "preview";
  if (changes) begin(session.stack);
  const finished = await stream(
    session.toolchain.pulumi,
    [operation, "--config-file", file, ...args],
    {
      cwd: checkout,
      env: { ...session.env, ...env },
    },
  );
  keepChanges(session.stack, file, content);
  if (changes && !finished.killed) finish(session.stack);
  if (finished.code === 0) return finished;
  const known = explain(`${finished.stdout}\n${finished.stderr}`);
  if (known) throw known;
  return finished;
}

/** As `runPulumi`, and any failure is thrown. */
export async function deploy(
  session: Session,
  operation: Operation,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  const finished = await runPulumi(session, operation, args, env);
  if (finished.code === 0) return finished;
  throw new UserError(
    "PULUMI_FAILED",
    `pulumi ${operation} ended with code ${finished.code}, for the reasons above`,
    {
      fix: "mend what it names and run the command again; what was made so far is taken up",
    },
  );
}

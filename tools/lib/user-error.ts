/** Kinds of failure that a person can do something about. */
export type ErrorCode =
  | "USAGE"
  | "PASSPHRASE"
  | "BACKEND"
  | "CONFIG"
  | "LOCKED"
  | "PORT_IN_USE"
  | "DOCKER"
  | "INSTALL"
  | "TOOLCHAIN"
  | "DISK_FULL"
  | "IMAGE"
  | "PULUMI_FAILED"
  | "STACK_MISSING"
  | "DATA_PROTECTED"
  | "POLICY"
  | "LEFTOVERS"
  | "NO_ROWS"
  | "NOT_EMPTY"
  | "BACKUP"
  | "CLUSTER"
  | "UNREACHABLE";

/** A failure told without a stack trace: what happened, where, and what to do. */
export class UserError extends Error {
  constructor(
    readonly code: ErrorCode,
    what: string,
    /** `where` names the file, container or option; `fix` is what to do next. */
    readonly more: { where?: string; fix?: string; cause?: unknown } = {},
  ) {
    super(what, more.cause === undefined ? undefined : { cause: more.cause });
  }
}

/** Exit codes of all commands. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** Words for `error` as a terminal shows them. */
export function renderError(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  const { where, fix } = hints(error);
  const lines = [`error: ${error.message}`];
  if (where) lines.push(`  where: ${where}`);
  if (fix) lines.push(`  do:    ${fix}`);
  if (process.env["STEAMLINE_DEBUG"] === "1" && error.stack) lines.push(error.stack);
  else if (!fix && !where) lines.push("  do:    STEAMLINE_DEBUG=1 shows where it comes from");
  return lines.join("\n");
}

export function exitCodeOf(error: unknown): number {
  return error instanceof UserError && error.code === "USAGE" ? exitCodes.usage : exitCodes.failure;
}

function hints(error: Error): { where?: string; fix?: string } {
  if (error instanceof UserError) return error.more;
  const { where, fix } = error as Error & { where?: unknown; fix?: unknown };
  return {
    ...(typeof where === "string" ? { where } : {}),
    ...(typeof fix === "string" ? { fix } : {}),
  };
}

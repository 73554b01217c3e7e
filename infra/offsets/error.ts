/** Why offsets are left as they are. Nothing was changed. */
export class OffsetError extends Error {
  readonly where: string | undefined;
  readonly fix: string;

  constructor(
    readonly code:
      "UNKNOWN_TOPIC" | "OUT_OF_RANGE" | "GROUP_RUNNING" | "UNREACHABLE" | "NOT_DEPLOYED" | "GOAL",
    what: string,
    /** `where` names the topic or group; `fix` is what to do next. */
    more: { where?: string; fix: string; cause?: unknown },
  ) {
    super(what, more.cause === undefined ? undefined : { cause: more.cause });
    this.where = more.where;
    this.fix = more.fix;
  }
}

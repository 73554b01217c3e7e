/** Every way in which the producer fails. */
export type ErrorCode =
  | "OPTIONS_INVALID"
  | "HTTP_TIMEOUT"
  | "HTTP_NETWORK"
  | "HTTP_STATUS"
  | "HTTP_SERVER_ERROR"
  | "HTTP_RATE_LIMITED"
  | "HTTP_CIRCUIT_OPEN"
  | "RESPONSE_TRUNCATED"
  | "RESPONSE_NOT_JSON"
  | "RESPONSE_INVALID"
  | "RESPONSE_TOO_LARGE"
  | "KAFKA_UNREACHABLE"
  | "KAFKA_TOPIC_MISSING"
  | "KAFKA_UNAUTHENTICATED"
  | "KAFKA_REFUSED"
  | "KAFKA_FENCED"
  | "SPOOL_IN_USE"
  | "SPOOL_UNWRITABLE"
  | "SPOOL_CORRUPT"
  | "ROW_INVALID"
  | "STOPPED";

export interface PipelineErrorOptions {
  /** Whether the same call may succeed later. @default false */
  canRetry?: boolean;
  /** How long the other side asked to be left alone. */
  retryAfterMs?: number | undefined;
  /** Where one error stands for several. */
  faults?: readonly string[];
  cause?: unknown;
}

/** An error a person can act on: its message says what failed, where, and with which value. */
export class PipelineError extends Error {
  override readonly name = "PipelineError";
  readonly canRetry: boolean;
  readonly retryAfterMs: number | undefined;
  readonly faults: readonly string[];

  constructor(
    readonly code: ErrorCode,
    message: string,
    { canRetry = false, retryAfterMs, faults = [], cause }: PipelineErrorOptions = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.canRetry = canRetry;
    this.retryAfterMs = retryAfterMs;
    this.faults = faults;
  }
}

/** What `error` says, whatever it is. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== "") return error.message;
  // Node's error for a host with several addresses has its words in the errors it holds.
  return error instanceof AggregateError ? error.errors.map(messageOf).join("; ") : error.name;
}

/** Its code where it is one of ours, and the kind of error it is otherwise. */
export function codeOf(error: unknown): string {
  if (error instanceof PipelineError) return error.code;
  return error instanceof Error ? error.name : "UNKNOWN";
}

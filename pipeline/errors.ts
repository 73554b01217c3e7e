/** Everything that can go wrong in the producer, by kind. */
export type ErrorCode =
  "OPTIONS_INVALID" | "HTTP_UNREACHABLE" | "HTTP_STATUS" | "RESPONSE_INVALID" | "DELIVERY_FAILED";

/** A fault with a message made for people. `cause` keeps what lies behind it. */
export class PipelineError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options);
    this.name = "PipelineError";
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error as ClickHouse words it: `Code: N. DB::Exception: ... (NAME)`. */
export class DoorError extends Error {
  constructor(
    readonly code: number,
    readonly type: string,
    message: string,
  ) {
    super(`Code: ${code}. DB::Exception: ${message} (${type})`);
    this.name = type;
  }
}

export const BAD_ARGUMENTS = 36;
export const AUTHENTICATION_FAILED = 516;

/** Statuses that the official server gives for error codes (HTTPHandler, exceptionCodeToHTTPStatus); 500 for the rest. */
const STATUSES: Record<number, number> = {
  // Access: wrong password, unknown user, no right, read-only.
  516: 403,
  192: 403,
  193: 403,
  194: 401,
  497: 403,
  164: 403,
  514: 403,
  // What was asked makes no sense.
  6: 400,
  26: 400,
  27: 400,
  36: 400,
  38: 400,
  41: 400,
  43: 400,
  47: 404,
  53: 400,
  62: 400,
  69: 400,
  70: 400,
  72: 400,
  115: 404,
  117: 400,
  130: 400,
  131: 400,
  386: 400,
  456: 400,
  457: 400,
  // What was asked for is not there.
  16: 404,
  46: 404,
  60: 404,
  81: 404,
  // Already there.
  57: 500,
  82: 500,
  159: 408,
  373: 500,
  372: 404,
};

export function statusOf(code: number): number {
  return STATUSES[code] ?? 500;
}

/** The engine's error, without what the binding put before it. */
export function fromEngine(error: unknown): DoorError {
  if (error instanceof DoorError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const found = /Code: (\d+)\. (?:DB::Exception: )?([\s\S]*)/.exec(text);
  if (!found) return new DoorError(1002, "UNKNOWN_EXCEPTION", text);
  const [, code = "0", rest = ""] = found;
  const name = /\(([A-Z0-9_]+)\)\s*(?:\(version .*\))?\s*$/.exec(rest)?.[1] ?? "UNKNOWN_EXCEPTION";
  const message = rest.replace(/\s*\([A-Z0-9_]+\)\s*(?:\(version .*\))?\s*$/, "");
  return new DoorError(Number(code), name, message);
}

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
/** An INSERT whose data is empty. */
export const NO_DATA_TO_INSERT = 108;

/** Error codes by the status that the official server gives for them; 500 for all others. */
const CODES: [status: number, codes: number[]][] = [
  [401, [194]],
  [403, [192, 193, 497, 512, 516]],
  [
    400,
    [
      6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427,
      441, 675, 676,
    ],
  ],
  [404, [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 139, 152, 336, 511]],
  [408, [159]],
  [411, [381]],
  [413, [229]],
  [415, [779]],
  [501, [48]],
  [503, [76, 209, 439]],
];
const STATUSES = new Map(CODES.flatMap(([status, codes]) => codes.map((code) => [code, status])));

/** The HTTP status for an error code. */
export function statusOf(code: number): number {
  return STATUSES.get(code) ?? 500;
}

const TAIL = /\s*\(([A-Z0-9_]+)\)\s*(?:\(version [^()]*\))?\.?\s*$/;

/** The engine's error, once, without what the binding and the engine's own layers put around it. */
export function fromEngine(error: unknown): DoorError {
  if (error instanceof DoorError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const found = /Code: (\d+)\. (?:DB::Exception: )?([\s\S]*)/.exec(text);
  if (!found) return new DoorError(1002, "UNKNOWN_EXCEPTION", text);
  const code = Number(found[1]);
  let message = found[2] ?? "";
  let name = "UNKNOWN_EXCEPTION";
  for (let tail = TAIL.exec(message); tail; tail = TAIL.exec(message)) {
    name = tail[1] ?? name;
    message = message.slice(0, tail.index);
  }
  return new DoorError(code, name, message.replace(`Code: ${code}. DB::Exception: `, ""));
}

import type { Range } from "./ranges";
import type { ReadBack } from "./read-back";

/** What became of a message, in the words of `steam_ledger`. The views enter the first two, the audit the rest. */
export type Fate =
  | "stored"
  | "refused"
  | "empty"
  | "null value"
  | "control record"
  | "aborted"
  | "compacted"
  | "expired"
  | "before the ledger"
  | "lost";

export interface Hole extends Range {
  fate: Fate;
}

export interface HoleContext {
  /** Oldest offset that Kafka still has. */
  low: number;
  /** First offset of the partition in the ledger; undefined where there is none. */
  firstEntered: number | undefined;
  /** Milliseconds since 1970 at which the ledger began; undefined where that is not known. */
  ledgerBegan: number | undefined;
}

/** Messages that were read while the ledger's views were just being made. */
const BEGIN_SLACK_MS = 60_000;

/** What each offset of a hole in the ledger is, by what Kafka has there now. @param found by offset */
export function classify(
  hole: Range,
  found: ReadonlyMap<number, ReadBack>,
  context: HoleContext,
): Hole[] {
  const holes: Hole[] = [];
  for (let offset = hole.first; offset <= hole.last; offset++) {
    const fate = fateOf(offset, found.get(offset), context);
    const open = holes.at(-1);
    if (open?.fate === fate) open.last = offset;
    else holes.push({ first: offset, last: offset, fate });
  }
  return holes;
}

function fateOf(offset: number, message: ReadBack | undefined, context: HoleContext): Fate {
  if (!message) return offset < context.low ? "expired" : "compacted";
  if (message.control) return "control record";
  if (message.aborted) return "aborted";
  if (message.value === null) return "null value";
  if (holdsNothing(message.value)) return "empty";
  const { firstEntered, ledgerBegan } = context;
  const early =
    ledgerBegan !== undefined &&
    message.timestamp < ledgerBegan + BEGIN_SLACK_MS &&
    (firstEntered === undefined || offset < firstEntered);
  return early ? "before the ledger" : "lost";
}

/** Whether no format makes a row of it: white space, or an empty JSON list. */
function holdsNothing(value: Buffer): boolean {
  return value.length < 1_000 && /^\s*(\[\s*\]\s*)?$/.test(value.toString("latin1"));
}

import { OffsetError } from "./error";

/** Where a group's offsets are to go. */
export type Goal =
  | { kind: "earliest" }
  | { kind: "latest" }
  | { kind: "offset"; offset: number }
  /** To the first message of that time or later, in milliseconds since 1970. */
  | { kind: "time"; at: number };

/** What a partition keeps, and how far a group has read it. */
export interface Position {
  partition: number;
  /** Oldest offset that is kept. */
  low: number;
  /** Offset that the next message gets. */
  end: number;
  /** Everything before it counts as read; undefined where the group has committed nothing. */
  committed: number | undefined;
}

/** A position, and where it goes. */
export interface Move extends Position {
  target: number;
}

/** What a goal may look like, for messages. */
export const GOALS = "earliest, latest, an offset, or a time as 2026-11-25T01:30:00Z";

const TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;

/** The goal that `text` names, or undefined. A time without a zone is UTC. */
export function parseGoal(text: string): Goal | undefined {
  if (text === "earliest" || text === "latest") return { kind: text };
  if (/^\d{1,15}$/.test(text)) return { kind: "offset", offset: Number(text) };
  const [whole, day, time = "00:00", zone = "Z"] = TIME.exec(text) ?? [];
  if (whole === undefined || day === undefined) return undefined;
  const at = Date.parse(`${day}T${time}${zone}`);
  if (Number.isNaN(at)) return undefined;
  // 30 February is taken for a day in March.
  const isDay = new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  return isDay ? { kind: "time", at } : undefined;
}

/**
 * Where each partition goes.
 * @param atTime for a time, the offset of the first message from then on, by partition
 * @param only the one partition that is meant. @default all
 * @throws OffsetError (OUT_OF_RANGE) naming every partition that does not keep the offset
 */
export function movesTo(
  goal: Goal,
  topic: string,
  positions: readonly Position[],
  atTime: ReadonlyMap<number, number>,
  only?: number,
): Move[] {
  const meant = positions.filter(({ partition }) => only === undefined || partition === only);
  if (meant.length === 0) {
    throw new OffsetError("OUT_OF_RANGE", `${topic} has no partition ${only ?? 0}`, {
      where: topic,
      fix: `it has the partitions ${positions.map(({ partition }) => partition).join(", ")}; nothing was changed`,
    });
  }
  const moves = meant.map((position) => ({
    ...position,
    target: targetOf(goal, position, atTime),
  }));
  const beyond = moves.filter(({ target, low, end }) => target < low || target > end);
  if (beyond.length === 0) return moves;
  const kept = beyond.map(
    ({ partition, low, end }) => `partition ${partition} has offsets ${low} to ${end}`,
  );
  throw new OffsetError(
    "OUT_OF_RANGE",
    `offset ${beyond[0]?.target ?? ""} is out of range: ${kept.join(", ")}`,
    { where: topic, fix: "name one of these, and its partition; nothing was changed" },
  );
}

function targetOf(
  goal: Goal,
  { partition, low, end }: Position,
  atTime: ReadonlyMap<number, number>,
): number {
  switch (goal.kind) {
    case "earliest":
      return low;
    case "latest":
      return end;
    case "offset":
      return goal.offset;
    case "time":
      // Nothing is as young: there is nothing to read again.
      return Math.max(low, atTime.get(partition) ?? end);
  }
}

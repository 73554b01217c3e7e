import type { ClickHouseClient } from "@clickhouse/client";
import { rows } from "../clickhouse/client";
import { quoteString } from "../clickhouse/render";
import type { Move } from "./goal";

/** Offsets of one bitmap of `steam_ledger`, as its column's comment has it. */
export const LEDGER_BUCKET = 1_048_576;

/** What a move means for the messages it passes over, in numbers of messages. */
export interface Effect extends Move {
  /** Read before, and to be read again. */
  again: number;
  /** Of these, by the ledger: stored as rows, which do not repeat, and kept as dead letters. */
  stored: number;
  refused: number;
  /** Never read, and not to be read any more. */
  skipped: number;
}

/** What the moves mean, by the ledger; zeros for what it does not know. */
export async function effectsOf(
  client: ClickHouseClient,
  topic: string,
  moves: readonly Move[],
): Promise<Effect[]> {
  const effects: Effect[] = [];
  for (const move of moves) {
    const committed = move.committed ?? move.low;
    const again = Math.max(0, committed - move.target);
    const known = again === 0 ? [] : await fates(client, topic, move, committed);
    const of = (fate: string) => Number(known.find((one) => one.fate === fate)?.messages ?? 0);
    effects.push({
      ...move,
      again,
      stored: of("stored"),
      refused: of("refused"),
      skipped: Math.max(0, move.target - Math.max(committed, move.low)),
    });
  }
  return effects;
}

function fates(
  client: ClickHouseClient,
  topic: string,
  { partition, target }: Move,
  committed: number,
): Promise<{ fate: string; messages: string }[]> {
  return rows(
    client,
    `SELECT fate, toString(sum(bitmapCardinality(bitmapSubsetInRange(offsets, toUInt64(${target}), toUInt64(${committed}))))) AS messages
     FROM
     (
       SELECT bucket, fate, groupBitmapMergeState(offsets) AS offsets FROM steam_ledger
       WHERE topic = ${quoteString(topic)} AND partition = ${partition}
         AND bucket BETWEEN ${Math.floor(target / LEDGER_BUCKET)} AND ${Math.floor(committed / LEDGER_BUCKET)}
       GROUP BY bucket, fate
     )
     GROUP BY fate`,
  );
}

/** In words, for all partitions of a topic together. */
export function describeEffects(effects: readonly Effect[]): string {
  const sum = (figure: "again" | "stored" | "refused" | "skipped") =>
    effects.reduce((total, one) => total + one[figure], 0);
  const [again, skipped] = [sum("again"), sum("skipped")];
  const parts = [
    ...(again > 0
      ? [
          `will read again ${messages(again)}; ${number(sum("stored"))} stored already will not repeat`,
          ...(sum("refused") > 0 ? [`dead letters among them: ${number(sum("refused"))}`] : []),
        ]
      : []),
    ...(skipped > 0
      ? [`will skip, unread, ${messages(skipped)}, which the audit will call lost`]
      : []),
  ];
  return parts.length === 0 ? "changes nothing: the group stands there already" : parts.join("; ");
}

const number = (value: number) => value.toLocaleString("en-US");
const messages = (value: number) => `${number(value)} message${value === 1 ? "" : "s"}`;

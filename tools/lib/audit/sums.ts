import type { StreamAudit } from "./audit";
import type { Fate } from "./classify";
import { countOf } from "./ranges";

const WITHOUT_ROW: readonly Fate[] = [
  "empty",
  "null value",
  "control record",
  "aborted",
  "compacted",
  "before the ledger",
];

/** Figures of a stream, all partitions together. */
export interface Sums {
  stored: number;
  refused: number;
  /** Messages that have no row to give, by what they are. */
  withoutRow: Partial<Record<Fate, number>>;
  expired: number;
  waiting: number;
  lost: number;
  again: number;
  lostLetters: number;
}

export function sumsOf({ partitions }: StreamAudit): Sums {
  const sum = (pick: (partition: StreamAudit["partitions"][number]) => number) =>
    partitions.reduce((total, partition) => total + pick(partition), 0);
  const withFate = (fate: Fate) => sum(({ fates }) => fates[fate] ?? 0);
  const without = WITHOUT_ROW.map((fate) => [fate, withFate(fate)] as const);
  return {
    stored: withFate("stored"),
    refused: withFate("refused"),
    withoutRow: Object.fromEntries(without.filter(([, messages]) => messages > 0)),
    expired: withFate("expired"),
    waiting: sum(({ waiting }) => waiting),
    lost: sum(({ lost }) => countOf(lost)),
    again: sum(({ again }) => again?.count ?? 0),
    lostLetters: sum(({ lostLetters }) => countOf(lostLetters)),
  };
}

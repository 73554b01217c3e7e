/** What one change did to the flow. */
export interface Outcome {
  name: string;
  label: string;
  /** From the first statement to the last. */
  tookMs: number;
  /** Longest time in which no record was stored; without a change it is about the flush interval. */
  gapMs: number;
  /** How long after that the last record acknowledged by then was stored. */
  behindMs: number;
  /** Acknowledged records so far, and how many of them are not stored, or stored more than once. */
  sent: number;
  lost: number;
  repeated: number;
  /** What did not go as it has to. */
  faults: string[];
}

export function progressLine(one: Outcome): string {
  const sums = `gap ${one.gapMs} ms, behind ${one.behindMs} ms, ${one.lost} lost, ${one.repeated} repeated`;
  return `${one.name}: ${[sums, ...one.faults].join("; ")}\n`;
}

/** The outcomes as a table. */
export function render(outcomes: readonly Outcome[]): string {
  const head = ["change", "how", "took", "longest gap", "behind", "lost", "repeated", "faults"];
  const lines = outcomes.map((one) => [
    one.name,
    one.label,
    `${(one.tookMs / 1000).toFixed(2)} s`,
    `${(one.gapMs / 1000).toFixed(2)} s`,
    `${(one.behindMs / 1000).toFixed(2)} s`,
    String(one.lost),
    String(one.repeated),
    one.faults.join("; "),
  ]);
  const widths = head.map((_, i) =>
    Math.max(...[head, ...lines].map((line) => line[i]?.length ?? 0)),
  );
  const text = [head, ...lines].map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const sent = outcomes.at(-1)?.sent ?? 0;
  const [lost, repeated] = (["lost", "repeated"] as const).map((key) =>
    Math.max(...outcomes.map((one) => one[key])),
  );
  return `${text.join("\n")}\n\n${outcomes.length - 2} changes, ${sent} records acknowledged, ${lost} lost, ${repeated} repeated\n`;
}

import { alignTable } from "../../tools/lib/table";
import type { Spread } from "./statistics";

/** Milliseconds as seconds with one decimal. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** A median in seconds, with the range where there were several rounds: `12.1 s (11.8 to 13.0)`. */
export function secondsOf({ median, least, most, count }: Spread): string {
  const range = count > 1 ? ` (${(least / 1000).toFixed(1)} to ${(most / 1000).toFixed(1)})` : "";
  return seconds(median) + range;
}

/** `1.42x`, or a dash where there is no ratio. */
export function times(ratio: number | undefined): string {
  return ratio === undefined ? "-" : `${ratio.toFixed(2)}x`;
}

/** A table with its header underlined. Columns named in `right` (by index) hold numbers. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const lines = alignTable([header, ...rows], right);
  const width = Math.max(...lines.map((line) => line.length));
  return [lines[0], "-".repeat(width), ...lines.slice(1)].join("\n");
}

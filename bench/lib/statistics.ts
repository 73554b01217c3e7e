/** What several measurements of one thing have in common. */
export interface Spread {
  median: number;
  least: number;
  most: number;
  count: number;
}

/** @throws RangeError where there is nothing to sum up. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new RangeError("no values");
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  const median = middle.reduce((sum, value) => sum + value, 0) / middle.length;
  return { median, least, most, count: sorted.length };
}

/** How many times `baseline` a value is; undefined where that says nothing. */
export function ratio(value: number, baseline: number): number | undefined {
  return baseline > 0 && Number.isFinite(value) ? value / baseline : undefined;
}

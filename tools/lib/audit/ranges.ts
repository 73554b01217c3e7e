/** Offsets from `first` to `last`, both included. */
export interface Range {
  first: number;
  last: number;
}

/** How many offsets they hold. */
export function countOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** The part of the ranges that is from `from` on. */
export function rangesFrom(ranges: readonly Range[], from: number): Range[] {
  return ranges
    .filter(({ last }) => last >= from)
    .map(({ first, last }) => ({ first: Math.max(first, from), last }));
}

/** What is left of a range without the `known` ones, which ascend and do not overlap. */
export function rangeWithout({ first, last }: Range, known: readonly Range[]): Range[] {
  const left: Range[] = [];
  let from = first;
  for (const taken of known) {
    if (taken.last < from || taken.first > last) continue;
    if (taken.first > from) left.push({ first: from, last: taken.first - 1 });
    from = taken.last + 1;
  }
  return from > last ? left : [...left, { first: from, last }];
}

/** In words: `5`, `7 to 9`, and how many more where there are many. */
export function describeRanges(ranges: readonly Range[], most = 5): string {
  const told = ranges
    .slice(0, most)
    .map(({ first, last }) => (first === last ? String(first) : `${first} to ${last}`));
  const more = ranges.length - told.length;
  return [...told, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

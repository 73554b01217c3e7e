/** A number in [0, 1) that depends on nothing but its arguments, which are taken as 32-bit integers. */
export function randomOf(...values: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const value of values) {
    hash = Math.imul(hash ^ value, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return (hash >>> 0) / 0x1_0000_0000;
}

/** Smooth noise in [-1, 1] over `x`: random values at the whole numbers, eased in between. */
export function noiseAt(x: number, ...stream: readonly number[]): number {
  const left = Math.floor(x);
  const from = randomOf(left, ...stream);
  const to = randomOf(left + 1, ...stream);
  const t = x - left;
  return (from + (to - from) * t * t * (3 - 2 * t)) * 2 - 1;
}

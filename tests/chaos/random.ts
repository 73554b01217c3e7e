/** Numbers that look random, the same ones for the same seed. */
export class Random {
  constructor(private state: number) {}

  /** From `least` to below `most`. */
  between(least: number, most: number): number {
    // Mulberry32.
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return least + (((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * (most - least);
  }

  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    const result: T[] = [];
    while (left.length > 0)
      result.push(...left.splice(Math.floor(this.between(0, left.length)), 1));
    return result;
  }
}

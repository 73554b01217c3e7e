import type { Field } from "./frames";

/** Grafana's least width of a column that has none of its own, in pixels. */
const LEAST_WIDTH = 150;

/** Widths of a table's columns in pixels, where they have their own, and the least of the whole: a narrower place scrolls. */
export function tableWidths(fields: readonly Pick<Field, "config">[]): {
  own: (number | undefined)[];
  least: number;
} {
  const own = fields.map(({ config }) => Number(config.custom?.["width"] ?? 0) || undefined);
  return { own, least: own.reduce<number>((sum, width) => sum + (width ?? LEAST_WIDTH), 0) };
}

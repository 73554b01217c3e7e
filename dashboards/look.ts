import {
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type DynamicConfigValue,
  type Threshold,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { ColumnOf, QueryName } from "./queries";

/** How a column is shown. */
export interface Look {
  /** Its heading. @default the column's name */
  name?: string;
  /** A unit of Grafana's, as `short`, `locale`, `s`, `bytes`, `percentunit`. */
  unit?: string;
  decimals?: number;
  min?: number;
  max?: number;
  /** Width of the column in pixels. */
  width?: number;
  align?: "left" | "right" | "center";
  /** What a table's cell is drawn as. @default text */
  cell?:
    { type: "gauge"; mode: "basic" | "gradient" } | { type: "color-text" } | { type: "sparkline" };
  steps?: Threshold[];
  mappings?: ValueMapping[];
  /** Where a click leads. */
  link?: { title: string; url: string };
  /** In place of a value that is null. */
  noValue?: string;
  /** A fixed colour. */
  color?: string;
  /** Not drawn, though links may use it. */
  hidden?: true;
}

/** Colours from `null`, which is everything below the first step, upwards. */
export function steps(first: string, ...rest: [from: number, color: string][]): Threshold[] {
  return [{ value: null, color: first }, ...rest.map(([value, color]) => ({ value, color }))];
}

/** A builder of thresholds in absolute values. */
export function thresholds(list: Threshold[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(list);
}

/** Looks by column of `query`. That the column exists is checked by the compiler. */
export function looks<Q extends QueryName>(
  _query: Q,
  columns: { [C in ColumnOf<Q>]?: Look },
): [column: string, Look][] {
  return Object.entries(columns) as [string, Look][];
}

/** A look in the words of a Grafana override. */
export function propertiesOf(look: Look): DynamicConfigValue[] {
  const properties: [id: string, value: unknown][] = [
    ["displayName", look.name],
    ["unit", look.unit],
    ["decimals", look.decimals],
    ["min", look.min],
    ["max", look.max],
    ["noValue", look.noValue],
    ["mappings", look.mappings],
    ["thresholds", look.steps && { mode: ThresholdsMode.Absolute, steps: look.steps }],
    ["color", look.color && { mode: "fixed", fixedColor: look.color }],
    ["links", look.link && [look.link]],
    ["custom.width", look.width],
    ["custom.align", look.align],
    ["custom.cellOptions", look.cell],
    ["custom.hidden", look.hidden],
  ];
  return properties.flatMap(([id, value]) => (value === undefined ? [] : [{ id, value }]));
}

/** Text in place of single values. */
export function words(texts: Readonly<Record<string, string>>): ValueMapping {
  return {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(texts).map(([value, text], index) => [value, { text, index }]),
    ),
  };
}

/** Text in place of no value. */
export function nullAs(text: string): ValueMapping {
  return {
    type: MappingType.SpecialValue,
    options: { match: SpecialValueMatch.NullAndNan, result: { text } },
  };
}

/** The store's scale of reviews, in its words. */
export const reviewWords = words({
  0: "Too few",
  1: "Overwhelmingly negative",
  2: "Very negative",
  3: "Negative",
  4: "Mostly negative",
  5: "Mixed",
  6: "Mostly positive",
  7: "Positive",
  8: "Very positive",
  9: "Overwhelmingly positive",
});

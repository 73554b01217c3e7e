/** What is read of a dashboard's JSON to draw it. */
export interface Dashboard {
  uid: string;
  title: string;
  description: string;
  panels: Panel[];
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { refId: string; format: number }[];
  transformations?: Transformation[];
  options?: Record<string, unknown>;
  fieldConfig?: { defaults: FieldConfig; overrides: Override[] };
}

export interface Transformation {
  id: string;
  options: Record<string, unknown>;
}

export interface Override {
  matcher: { id: string; options: string };
  properties: { id: string; value: unknown }[];
}

/** How a field is shown: a panel's defaults with the overrides that match the field. */
export interface FieldConfig {
  displayName?: string;
  unit?: string;
  decimals?: number;
  min?: number;
  max?: number;
  noValue?: string;
  mappings?: Mapping[];
  thresholds?: { steps: { value: number | null; color: string }[] };
  color?: { mode: string; fixedColor?: string };
  links?: { title: string; url: string }[];
  custom?: Record<string, unknown>;
}

export type Mapping =
  | { type: "value"; options: Record<string, { text?: string; color?: string }> }
  | { type: "special"; options: { match: string; result: { text?: string; color?: string } } };

/** A result of a query as it is sent to the page: columns, and rows in their order. */
export interface Table {
  columns: { name: string; type: string }[];
  rows: unknown[][];
}

/** A query's result, or why it has none. */
export type Answer = Table | { error: string };

/** Answers of one time range: of each panel's queries, and of the annotations. */
export interface RangeData {
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  /** By panel id and refId, as `7/A`. */
  answers: Record<string, Answer>;
  annotations: Answer[];
}

/** All that a page draws. */
export interface PageData {
  dashboard: Dashboard;
  /** Where the rows come from, for who looks. */
  source: string;
  /** Variables and what is chosen. */
  choices: { name: string; text: string }[];
  /** By name, as `24h`. */
  ranges: Record<string, RangeData>;
  /** The range that is shown first. */
  range: string;
  /** Seconds after which a live page asks again; absent for a page that is not live. */
  refreshSeconds?: number;
}

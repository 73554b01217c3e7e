import type { FieldConfig, Panel, Table } from "./dashboard";

export type FieldType = "time" | "number" | "string" | "frame";

/** A column with its values. A `frame` field holds a small series in each value. */
export interface Field {
  name: string;
  type: FieldType;
  labels?: Record<string, string>;
  values: unknown[];
  config: FieldConfig;
}

/** A result as Grafana handles it. */
export interface Frame {
  refId: string;
  fields: Field[];
}

/** What a `frame` field holds. */
export interface Series {
  times: number[];
  values: (number | null)[];
}

/** `table` as the plugin hands it on: as it is, or for a time series with its text columns made labels. */
export function toFrame(refId: string, table: Table, overTime: boolean): Frame {
  const fields = table.columns.map(({ name, type }, i) => {
    const kind = typeOf(type);
    return {
      name,
      type: kind,
      values: table.rows.map((row) => valueOf(row[i], kind)),
      config: {},
    };
  });
  return overTime && fields.some(({ type }) => type === "string")
    ? wide(refId, fields)
    : { refId, fields };
}

function typeOf(type: string): FieldType {
  const bare = type.replace(/^(Nullable|LowCardinality)\((.*)\)$/, "$2");
  if (/^Date/.test(bare)) return "time";
  return /^(U?Int|Float|Decimal)/.test(bare) ? "number" : "string";
}

/** Times as milliseconds since 1970, whichever zone the reader is in: ClickHouse tells them in UTC. */
function valueOf(value: unknown, type: FieldType): unknown {
  if (value === null || value === undefined) return null;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (type === "time") return Date.parse(`${text.replace(" ", "T")}Z`);
  return type === "number" ? Number(text) : text;
}

/** One field for each number and combination of texts, over all times. A series has null where it has no row. */
function wide(refId: string, fields: readonly Field[]): Frame {
  const time = fields.find(({ type }) => type === "time");
  if (!time) return { refId, fields: [...fields] };
  const texts = fields.filter(({ type }) => type === "string");
  const numbers = fields.filter(({ type }) => type === "number");
  const times = [...new Set(time.values as number[])];
  const at = new Map(times.map((value, i) => [value, i]));
  const series = new Map<string, Field>();
  time.values.forEach((value, row) => {
    const labels = Object.fromEntries(texts.map(({ name, values }) => [name, String(values[row])]));
    for (const number of numbers) {
      const key = JSON.stringify([number.name, labels]);
      const field: Field = series.get(key) ?? {
        name: number.name,
        type: "number",
        labels,
        values: new Array<unknown>(times.length).fill(null),
        config: {},
      };
      series.set(key, field);
      field.values[at.get(value as number) ?? 0] = number.values[row];
    }
  });
  return {
    refId,
    fields: [{ name: time.name, type: "time", values: times, config: {} }, ...series.values()],
  };
}

/** Gives each field its look: the panel's defaults, and the overrides that match it by name. */
export function withLooks(frames: readonly Frame[], panel: Panel): Frame[] {
  const { defaults = {}, overrides = [] } = panel.fieldConfig ?? {};
  return frames.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) => {
      const config: FieldConfig = { ...defaults, custom: { ...defaults.custom } };
      for (const { matcher, properties } of overrides) {
        if (!matches(matcher, field)) continue;
        for (const { id, value } of properties) set(config, id, value);
      }
      return { ...field, config };
    }),
  }));
}

function matches({ id, options }: { id: string; options: string }, field: Field): boolean {
  if (id === "byName") return field.name === options;
  if (id === "byRegexp") return new RegExp(options.replace(/^\/(.*)\/$/, "$1")).test(field.name);
  return false;
}

function set(config: FieldConfig, id: string, value: unknown): void {
  const custom = /^custom\.(.+)$/.exec(id)?.[1];
  if (custom) config.custom = { ...config.custom, [custom]: value };
  else Object.assign(config, { [id]: value });
}

/** What a field is called: by its look, or by name and labels. */
export function displayName({ name, labels = {}, config }: Field): string {
  const chosen = config.displayName?.replace(
    /\$\{__field\.labels\.(\w+)\}/g,
    (_, label: string) => labels[label] ?? "",
  );
  return chosen || [name, ...Object.values(labels)].join(" ");
}

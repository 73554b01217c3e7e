import type { Transformation } from "./dashboard";
import type { Field, Frame, Series } from "./frames";

/** Transformations as Grafana does them, one after another. @throws Error for one that is not known here. */
export function transform(frames: readonly Frame[], list: readonly Transformation[]): Frame[] {
  return list.reduce<Frame[]>(
    (done, { id, options }) => {
      switch (id) {
        case "timeSeriesTable":
          return done.map(toTrends);
        case "joinByField":
          return join(done, String(options["byField"]));
        case "organize":
          return done.map((frame) => organize(frame, options));
        case "sortBy":
          return done.map((frame) => sort(frame, options));
        default:
          throw new Error(`the transformation ${id} is not done here`);
      }
    },
    [...frames],
  );
}

/** A row for each series, with its labels and, as `Trend #<refId>`, the series itself. */
function toTrends(frame: Frame): Frame {
  const time = frame.fields.find(({ type }) => type === "time");
  if (!time) return frame;
  const numbers = frame.fields.filter(({ type }) => type === "number");
  const labels = [...new Set(numbers.flatMap((field) => Object.keys(field.labels ?? {})))];
  const trend = (field: Field): Series => ({
    times: time.values as number[],
    values: field.values as (number | null)[],
  });
  return {
    refId: frame.refId,
    fields: [
      ...labels.map((label): Field => ({
        name: label,
        type: "string",
        values: numbers.map((field) => field.labels?.[label] ?? null),
        config: {},
      })),
      { name: `Trend #${frame.refId}`, type: "frame", values: numbers.map(trend), config: {} },
    ],
  };
}

/** One frame of the rows of all, met by the field `by`. Rows of the first come first. */
function join(frames: readonly Frame[], by: string): Frame[] {
  const keyed = frames.flatMap((frame) => {
    const key = frame.fields.find(({ name }) => name === by);
    return key ? [{ frame, key }] : [];
  });
  const [first] = keyed;
  if (!first) return [...frames];
  const keys = [...new Set(keyed.flatMap(({ key }) => key.values))];
  const others = keyed.flatMap(({ frame, key }) => {
    const rowOf = new Map(key.values.map((value, row) => [value, row]));
    return frame.fields
      .filter((field) => field !== key)
      .map((field) => ({
        ...field,
        values: keys.map((value) => field.values[rowOf.get(value) ?? -1] ?? null),
      }));
  });
  return [{ refId: first.frame.refId, fields: [{ ...first.key, values: keys }, ...others] }];
}

function organize(frame: Frame, options: Record<string, unknown>): Frame {
  const order = (options["indexByName"] ?? {}) as Record<string, number>;
  const excluded = (options["excludeByName"] ?? {}) as Record<string, boolean>;
  const fields = frame.fields.filter(({ name }) => !excluded[name]);
  const place = (field: Field) => order[field.name] ?? fields.length;
  return { ...frame, fields: [...fields].sort((a, b) => place(a) - place(b)) };
}

function sort(frame: Frame, options: Record<string, unknown>): Frame {
  const [rule] = (options["sort"] ?? []) as { field: string; desc?: boolean }[];
  const field = frame.fields.find(({ name }) => name === rule?.field);
  if (!rule || !field) return frame;
  return reorder(frame, field, rule.desc ?? false);
}

/** `frame` with its rows in order of `field`. */
export function reorder(frame: Frame, field: Field, descending: boolean): Frame {
  const rows = field.values.map((_, row) => row);
  rows.sort((a, b) => compare(field.values[a], field.values[b]) * (descending ? -1 : 1));
  return {
    ...frame,
    fields: frame.fields.map((other) => ({
      ...other,
      values: rows.map((row) => other.values[row]),
    })),
  };
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b));
}

import type { FieldConfig } from "./dashboard";

/** A value as a person reads it, and the colour that its look gives it. */
export interface Shown {
  text: string;
  /** A colour's name, as `green`; absent where the look has none. */
  color?: string;
}

/** `value` where it is a text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Marks on an axis. */
const MARKS = 4;
const SHORT = ["", " K", " Mil", " Bil", " Tri"];
const BYTES = ["B", "KiB", "MiB", "GiB", "TiB"];
const SPANS: [seconds: number, unit: string][] = [
  [1e-6, "µs"],
  [1e-3, "ms"],
  [1, "s"],
  [60, "mins"],
  [3_600, "hours"],
  [86_400, "days"],
];

/** How `value` is shown by `config`: mappings first, then unit and decimals. */
export function show(value: unknown, config: FieldConfig): Shown {
  const mapped = mapping(value, config);
  if (mapped) {
    const color = mapped.color ?? thresholdColor(value, config);
    return { text: mapped.text ?? "", ...(color ? { color } : {}) };
  }
  if (value === null || value === undefined || Number.isNaN(value)) {
    return { text: config.noValue ?? "–" };
  }
  const color = thresholdColor(value, config);
  return { text: words(value, config), ...(color ? { color } : {}) };
}

function mapping(value: unknown, { mappings = [] }: FieldConfig) {
  for (const candidate of mappings) {
    if (candidate.type === "special") {
      if (value === null || Number.isNaN(value)) return candidate.options.result;
    } else {
      const found = candidate.options[String(value)];
      if (found) return found;
    }
  }
  return undefined;
}

/** The colour of the last step that `value` reaches. */
export function thresholdColor(value: unknown, { thresholds }: FieldConfig): string | undefined {
  if (typeof value !== "number") return thresholds?.steps[0]?.color;
  return thresholds?.steps.filter((step) => step.value === null || value >= step.value).at(-1)
    ?.color;
}

function words(value: unknown, { unit, decimals }: FieldConfig): string {
  if (typeof value !== "number") return String(value);
  switch (unit ?? "none") {
    case "dateTimeAsIso":
      return dateTime(value);
    case "short":
      return scaled(value, 1000, SHORT, decimals);
    case "bytes":
      return scaled(
        value,
        1024,
        BYTES.map((name) => ` ${name}`),
        decimals,
      );
    case "percentunit":
      return `${fixed(value * 100, decimals)}%`;
    case "percent":
      return `${fixed(value, decimals)}%`;
    case "rowsps":
      return `${fixed(value, decimals)} rows/s`;
    case "s":
      return span(value, decimals);
    case "locale":
      return grouped(value, decimals);
    default:
      return fixed(value, decimals);
  }
}

/** Decimals with which marks between `least` and `most` differ from each other; undefined where any do. */
export function axisDecimals(
  least: number,
  most: number,
  { unit, decimals }: FieldConfig,
): number | undefined {
  const steps = { short: 1000, bytes: 1024 }[unit ?? ""];
  const size = Math.max(Math.abs(least), Math.abs(most));
  if (decimals !== undefined || !(most > least) || size === 0) return decimals;
  const scale = steps ? steps ** Math.floor(Math.log(size) / Math.log(steps)) : 1;
  const step = (most - least) / MARKS / (unit === "percentunit" ? 0.01 : Math.max(1, scale));
  const needed = Math.ceil(-Math.log10(step));
  return needed > 1 ? Math.min(6, needed) : undefined;
}

/** Local time, as `2026-01-31 23:59:59`. */
export function dateTime(ms: number): string {
  const date = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19).replace("T", " ");
}

function grouped(value: number, decimals: number | undefined): string {
  return value.toLocaleString("en-US", {
    minimumFractionDigits: decimals ?? 0,
    maximumFractionDigits: decimals ?? 0,
  });
}

function scaled(
  value: number,
  step: number,
  units: readonly string[],
  decimals: number | undefined,
): string {
  let size = 0;
  let rest = value;
  while (Math.abs(rest) >= step && size < units.length - 1) {
    rest /= step;
    size++;
  }
  return `${fixed(rest, decimals)}${units[size] ?? ""}`;
}

function span(seconds: number, decimals: number | undefined): string {
  const [size, unit] =
    SPANS.filter(([least]) => Math.abs(seconds) >= least).at(-1) ?? ([1, "s"] as const);
  return `${fixed(seconds / size, decimals ?? (unit === "s" ? 0 : 1))} ${unit}`;
}

/** Three figures that count, where nothing else is asked for. */
function fixed(value: number, decimals: number | undefined): string {
  if (decimals !== undefined) return value.toFixed(decimals);
  if (Number.isInteger(value)) return String(value);
  const before = Math.max(1, Math.floor(Math.log10(Math.abs(value)) + 1));
  return String(Number(value.toFixed(Math.max(0, 3 - before))));
}

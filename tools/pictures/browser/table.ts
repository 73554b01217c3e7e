import { css, type Theme } from "../model/colors";
import { displayName, type Field, type Frame, type Series } from "../model/frames";
import { show } from "../model/text";
import { reorder } from "../model/transform";
import { tableWidths } from "../model/widths";
import { drawSparkline } from "./charts";
import { element, styled } from "./dom";
import type { Drawing } from "./panel";

/** Rows that are drawn at most; the rest is told as a number. */
const MOST_ROWS = 200;

/** Rows and columns, in the panel's own order. */
export function drawTable(body: HTMLElement, { panel, frames, theme }: Drawing): void {
  const [first] = frames;
  if (!first) return;
  const frame = sorted(first, panel.options?.["sortBy"]);
  const fields = frame.fields.filter(({ config }) => config.custom?.["hidden"] !== true);
  const table = element("table");
  const { own, least } = tableWidths(fields);
  styled(table, { minWidth: `${least}px` });
  const widths = element("colgroup");
  for (const width of own)
    widths.append(styled(element("col"), width === undefined ? {} : { width: `${width}px` }));
  const head = element("tr");
  for (const field of fields) head.append(aligned(element("th", "", displayName(field)), field));
  const rows = element("tbody");
  const count = frame.fields[0]?.values.length ?? 0;
  for (let row = 0; row < Math.min(count, MOST_ROWS); row++) {
    const line = element("tr");
    for (const field of fields) line.append(cell(field, row, theme));
    rows.append(line);
  }
  table.append(widths, element("thead", "", head), rows);
  body.classList.add("scrolls");
  body.append(table);
  drawTrends(table);
}

function sorted(frame: Frame, sortBy: unknown): Frame {
  const [rule] = (sortBy ?? []) as { displayName: string; desc?: boolean }[];
  const field = frame.fields.find((found) => displayName(found) === rule?.displayName);
  return rule && field ? reorder(frame, field, rule.desc ?? false) : frame;
}

function aligned(made: HTMLElement, { type, config }: Field): HTMLElement {
  const chosen = config.custom?.["align"];
  const align = typeof chosen === "string" && chosen !== "auto" ? chosen : undefined;
  return styled(made, { textAlign: align ?? (type === "number" ? "right" : "left") });
}

const trends = new WeakMap<HTMLElement, { series: Series; color: string }>();

function cell(field: Field, row: number, theme: Theme): HTMLElement {
  const { type } = (field.config.custom?.["cellOptions"] ?? {}) as { type?: string };
  const value = field.values[row];
  const made = element("td");
  if (type === "sparkline" || field.type === "frame") {
    const trend = element("div", "trend");
    if (value) {
      const color = css(field.config.color?.fixedColor ?? "blue", theme);
      trends.set(trend, { series: value as Series, color });
    }
    made.append(trend);
    return made;
  }
  const { text, color } = show(value, field.config);
  if (type === "gauge" && typeof value === "number") {
    const { min = 0, max = 1 } = field.config;
    const bar = styled(element("div", "bar"), {
      width: `${(Math.max(0, value - min) / (max - min)) * 100}%`,
      background: css(color ?? "blue", theme),
    });
    made.append(
      element("div", "gauge", element("div", "bar-room", bar), element("span", "", text)),
    );
    return made;
  }
  const content = field.config.links?.length ? element("span", "link", text) : text;
  made.append(content);
  made.title = text;
  if (type === "color-text" && color) made.style.color = css(color, theme);
  return aligned(made, field);
}

/** Small charts can be drawn once their cells have a size. */
function drawTrends(table: HTMLElement): void {
  requestAnimationFrame(() => {
    for (const trend of table.querySelectorAll<HTMLElement>(".trend")) {
      const found = trends.get(trend);
      if (found) drawSparkline(trend, found.series, found.color);
    }
  });
}

import { css } from "../model/colors";
import { displayName, type Field, type Frame } from "../model/frames";
import { show, textOf } from "../model/text";
import { drawSparkline } from "./charts";
import { element, styled } from "./dom";
import type { Drawing } from "./panel";

/** Fields that a panel's options choose: those that match, or else all numbers. */
function chosenFields(frame: Frame, fields: unknown): Field[] {
  const pattern = typeof fields === "string" ? /^\/(.*)\/$/.exec(fields)?.[1] : undefined;
  return pattern === undefined
    ? frame.fields.filter(({ type }) => type === "number")
    : frame.fields.filter(({ name }) => new RegExp(pattern).test(name));
}

interface Value {
  name: string;
  value: unknown;
  field: Field;
  frame: Frame;
}

/** The values of a panel: one for each row, or the last of each field. */
function valuesOf({ panel, frames }: Drawing): Value[] {
  const reduce = (panel.options?.["reduceOptions"] ?? {}) as { values?: boolean; fields?: string };
  return frames.flatMap((frame) => {
    const text = frame.fields.find(({ type }) => type === "string");
    return chosenFields(frame, reduce.fields).flatMap((field): Value[] => {
      if (!reduce.values) {
        const value = field.values.filter((found) => found !== null).at(-1);
        return [{ name: displayName(field), value, field, frame }];
      }
      return field.values.map((value, row) => ({
        name: textOf(text?.values[row]) ?? displayName(field),
        value,
        field,
        frame,
      }));
    });
  });
}

/** One value or a few, large, with their course behind. */
export function drawStat(body: HTMLElement, drawing: Drawing): void {
  const { panel, theme } = drawing;
  const named = panel.options?.["textMode"] === "value_and_name";
  for (const { name, value, field, frame } of valuesOf(drawing)) {
    const { text, color = "text" } = show(value, field.config);
    const stat = element("div", "stat");
    const time = frame.fields.find(({ type }) => type === "time");
    if (time && panel.options?.["graphMode"] === "area") {
      const behind = element("div", "behind");
      stat.append(behind);
      body.append(stat);
      drawSparkline(
        behind,
        { times: time.values as number[], values: field.values as (number | null)[] },
        css(color, theme),
      );
    }
    if (named) stat.append(element("div", "stat-name", name));
    const size = Math.min(40, (body.clientWidth * 1.55) / Math.max(4, text.length));
    stat.append(
      styled(element("div", "stat-value", text), {
        color: css(color, theme),
        fontSize: `${size}px`,
      }),
    );
    body.append(stat);
  }
}

/** A bar for each value, as long as it is large beside the others. */
export function drawBarGauge(body: HTMLElement, drawing: Drawing): void {
  const values = valuesOf(drawing);
  const sizes = values.map(({ value }) => Number(value));
  const { min, max } = drawing.panel.fieldConfig?.defaults ?? {};
  const longest = Math.max(max ?? 0, ...sizes) || 1;
  const least = min ?? Math.min(...sizes);
  const list = element("div", "bars");
  values.forEach(({ name, value, field }, i) => {
    const { text, color = "blue" } = show(value, field.config);
    const share = ((sizes[i] ?? 0) - least) / (longest - least || 1);
    const bar = styled(element("div", "bar"), {
      width: `${Math.max(0.5, share * 100)}%`,
      background: css(color, drawing.theme),
    });
    list.append(
      element("div", "bar-name", name),
      element("div", "bar-room", bar),
      styled(element("div", "bar-value", text), { color: css(color, drawing.theme) }),
    );
  });
  body.append(list);
}

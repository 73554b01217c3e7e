import { BarChart, GaugeChart, LineChart } from "echarts/charts";
import {
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { css, seriesColor, type Theme } from "../model/colors";
import type { FieldConfig, RangeData } from "../model/dashboard";
import { displayName, toFrame, type Field, type Frame, type Series } from "../model/frames";
import { axisDecimals, dateTime, show, textOf } from "../model/text";
import type { Drawing } from "./panel";

use([
  BarChart,
  GaugeChart,
  LineChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  CanvasRenderer,
]);

const FONT = "Inter, 'Helvetica Neue', Arial, sans-serif";
const DAY_MS = 86_400_000;
const muted = (theme: Theme) => (theme === "dark" ? "#9fa1ab" : "#6c6f78");
const line = (theme: Theme) => (theme === "dark" ? "#2e3138" : "#e4e5e8");

function chart(body: HTMLElement, option: object): void {
  const drawn = init(body, undefined, { renderer: "canvas" });
  drawn.setOption({ animation: false, textStyle: { fontFamily: FONT }, ...option });
  new ResizeObserver(() => drawn.resize()).observe(body);
}

/** An axis of values in the words of `config`'s unit. */
function valueAxis(config: FieldConfig, theme: Theme, values: readonly unknown[] = []) {
  const numbers = values.filter((value) => typeof value === "number");
  const decimals = axisDecimals(Math.min(...numbers), Math.max(...numbers), config);
  const soft = (bound: "axisSoftMin" | "axisSoftMax") => config.custom?.[bound];
  const least = soft("axisSoftMin");
  return {
    type: "value",
    scale: true,
    splitNumber: 4,
    min:
      config.min ??
      (typeof least === "number" ? (v: { min: number }) => Math.min(least, v.min) : undefined),
    max: config.max,
    minInterval: config.decimals === 0 ? 1 : undefined,
    axisLabel: {
      color: muted(theme),
      formatter: (value: number) =>
        plain(value, decimals === undefined ? config : { ...config, decimals }),
    },
    splitLine: { lineStyle: { color: line(theme) } },
  };
}

const plain = (value: unknown, config: FieldConfig) =>
  show(value, { ...config, mappings: [] }).text;

const grid = (legend: boolean) => ({
  left: 8,
  right: 14,
  top: 10,
  bottom: legend ? 30 : 6,
  outerBoundsMode: "same",
  outerBoundsContain: "axisLabel",
});

/** Lines, steps or bars over time, with annotations as marks. */
export function drawTimeSeries(body: HTMLElement, { panel, frames, data, theme }: Drawing): void {
  const drawn = frames.flatMap((frame) => numbersOverTime(frame));
  const defaults = panel.fieldConfig?.defaults ?? {};
  const series = drawn.map(({ field, times }, i) => {
    const { custom = {} } = field.config;
    const color = seriesColor(field, i, theme);
    const bars = custom["drawStyle"] === "bars";
    return {
      name: displayName(field),
      type: bars ? "bar" : "line",
      step: custom["lineInterpolation"] === "stepAfter" ? "end" : false,
      showSymbol: custom["showPoints"] !== "never" && times.length < 20,
      symbolSize: 5,
      barMaxWidth: 14,
      lineStyle: { width: Number(custom["lineWidth"] ?? 1), color },
      itemStyle: { color },
      areaStyle: bars ? undefined : { color, opacity: Number(custom["fillOpacity"] ?? 0) / 100 },
      data: times.map((time, row) => [time, field.values[row]]),
      tooltip: { valueFormatter: (value: unknown) => plain(value, field.config) },
      ...(i === 0 ? { markLine: marks(data, theme) } : {}),
    };
  });
  const legend = series.length > 0;
  chart(body, {
    grid: grid(legend),
    legend: {
      show: legend,
      type: "scroll",
      bottom: 0,
      left: 0,
      icon: "roundRect",
      itemWidth: 14,
      itemHeight: 4,
      textStyle: { color: css("text", theme) },
    },
    tooltip: { trigger: "axis", confine: true, order: "valueDesc" },
    xAxis: timeAxis(data, theme),
    yAxis: valueAxis(
      defaults,
      theme,
      drawn.flatMap(({ field }) => field.values),
    ),
    series,
  });
}

function timeAxis({ from, to }: RangeData, theme: Theme) {
  const short = to - from <= 2 * DAY_MS;
  return {
    type: "time",
    min: from,
    max: to,
    splitNumber: 5,
    axisLine: { lineStyle: { color: line(theme) } },
    axisLabel: {
      color: muted(theme),
      hideOverlap: true,
      formatter: (ms: number) => (short ? dateTime(ms).slice(11, 16) : dateTime(ms).slice(5, 10)),
    },
    splitLine: { show: true, lineStyle: { color: line(theme) } },
  };
}

function numbersOverTime({ fields }: Frame): { field: Field; times: number[] }[] {
  const time = fields.find(({ type }) => type === "time");
  if (!time) return [];
  const times = time.values as number[];
  return fields.filter(({ type }) => type === "number").map((field) => ({ field, times }));
}

function marks({ annotations }: RangeData, theme: Theme) {
  const found = annotations.flatMap((answer) => {
    if ("error" in answer) return [];
    const { fields } = toFrame("marks", answer, false);
    const text = fields.find(({ type }) => type === "string");
    const time = fields.find(({ type }) => type === "time");
    return (time?.values ?? []).map((at, row) => ({
      xAxis: at,
      name: textOf(text?.values[row]) ?? "",
    }));
  });
  return {
    symbol: "none",
    silent: true,
    lineStyle: { color: css("green", theme), type: "dashed" },
    label: { formatter: "{b}", color: css("green", theme) },
    data: found,
  };
}

/** Columns over the panel's x field. */
export function drawBarChart(body: HTMLElement, { panel, frames, theme }: Drawing): void {
  const [frame] = frames;
  const xField = frame?.fields.find(({ name }) => name === panel.options?.["xField"]);
  const numbers = frame?.fields.filter(({ type }) => type === "number") ?? [];
  if (!xField) throw new Error("The query gives no column for the x axis.");
  const label = (value: unknown) =>
    xField.type === "time" ? dateTime(Number(value)).slice(5, 10) : String(value);
  chart(body, {
    grid: grid(false),
    tooltip: { trigger: "axis", confine: true },
    xAxis: {
      type: "category",
      data: xField.values.map(label),
      axisLine: { lineStyle: { color: line(theme) } },
      axisTick: { show: false },
      axisLabel: { color: muted(theme), hideOverlap: true },
    },
    yAxis: { ...valueAxis({ ...panel.fieldConfig?.defaults, min: 0 }, theme) },
    series: numbers.map((field, i) => ({
      name: displayName(field),
      type: "bar",
      itemStyle: { color: seriesColor(field, i, theme), opacity: 0.85 },
      data: field.values,
      tooltip: { valueFormatter: (value: unknown) => plain(value, field.config) },
    })),
  });
}

/** A half circle for each value. */
export function drawGauge(body: HTMLElement, { frames, theme }: Drawing): void {
  const [frame] = frames;
  const field = frame?.fields.find(({ type }) => type === "number");
  if (!field) throw new Error("The query gives no number.");
  const value = field.values.filter((found) => found !== null).at(-1);
  const { text, color = "blue" } = show(value, field.config);
  const { min = 0, max = 1 } = field.config;
  const fill = css(color, theme);
  const radius = Math.min(body.clientWidth * 0.46, body.clientHeight * 0.6);
  const room = radius * 2;
  chart(body, {
    series: [
      {
        type: "gauge",
        min,
        max,
        startAngle: 200,
        endAngle: -20,
        radius,
        center: ["50%", "64%"],
        progress: { show: true, width: room * 0.09, itemStyle: { color: fill } },
        axisLine: { lineStyle: { width: room * 0.09, color: [[1, line(theme)]] } },
        pointer: { show: false },
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: { show: false },
        detail: {
          offsetCenter: [0, 0],
          formatter: text,
          color: fill,
          fontSize: Math.max(16, room * 0.15),
          fontWeight: 500,
        },
        data: [{ value }],
      },
    ],
  });
}

/** A small area with neither axes nor words. */
export function drawSparkline(body: HTMLElement, { times, values }: Series, color: string): void {
  chart(body, {
    grid: { left: 0, right: 0, top: 2, bottom: 2 },
    xAxis: { type: "time", show: false, min: times[0], max: times.at(-1) },
    yAxis: { type: "value", show: false, scale: true },
    series: [
      {
        type: "line",
        showSymbol: false,
        silent: true,
        lineStyle: { width: 1.5, color },
        areaStyle: { color, opacity: 0.15 },
        data: times.map((time, row) => [time, values[row]]),
      },
    ],
  });
}

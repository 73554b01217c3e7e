import type { Panel, RangeData } from "../model/dashboard";
import { toFrame, withLooks, type Frame } from "../model/frames";
import { transform } from "../model/transform";
import type { Theme } from "../model/colors";
import { drawBarChart, drawGauge, drawTimeSeries } from "./charts";
import { element } from "./dom";
import { markdown } from "./markdown";
import { drawTable } from "./table";
import { drawBarGauge, drawStat } from "./values";

/** What a panel is drawn from. */
export interface Drawing {
  panel: Panel;
  frames: Frame[];
  data: RangeData;
  theme: Theme;
}

type Draw = (body: HTMLElement, drawing: Drawing) => void;

const DRAWN: Readonly<Record<string, Draw>> = {
  timeseries: drawTimeSeries,
  barchart: drawBarChart,
  gauge: drawGauge,
  stat: drawStat,
  bargauge: drawBarGauge,
  table: drawTable,
};

/** Draws what is inside a panel: its values, the text for none, or why it cannot be drawn. */
export function drawPanel(body: HTMLElement, panel: Panel, data: RangeData, theme: Theme): void {
  if (panel.type === "text") {
    const content = panel.options?.["content"];
    body.append(...markdown(typeof content === "string" ? content : ""));
    return;
  }
  const draw = DRAWN[panel.type];
  if (!draw) return say(body, `A panel of type ${panel.type} is not drawn here.`);
  try {
    const frames = framesOf(panel, data);
    const rows = frames.reduce((sum, { fields }) => sum + (fields[0]?.values.length ?? 0), 0);
    if (rows === 0) return say(body, panel.fieldConfig?.defaults.noValue ?? "No data");
    draw(body, { panel, frames, data, theme });
  } catch (error) {
    say(body, error instanceof Error ? error.message : String(error), "fault");
  }
}

function framesOf(panel: Panel, { answers }: RangeData): Frame[] {
  const frames = (panel.targets ?? []).map(({ refId, format }) => {
    const answer = answers[`${panel.id}/${refId}`];
    if (!answer || "error" in answer) throw new Error(answer?.error ?? "The query was not run.");
    return toFrame(refId, answer, format === 0);
  });
  return withLooks(transform(frames, panel.transformations ?? []), panel);
}

function say(body: HTMLElement, text: string, classes = ""): void {
  body.append(element("div", `empty ${classes}`, text));
}

import * as barchart from "@grafana/grafana-foundation-sdk/barchart";
import * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeValueMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  RowBuilder,
  type DataTransformerConfig,
  type DynamicConfigValue,
  type GridPos,
} from "@grafana/grafana-foundation-sdk/dashboard";
import * as gauge from "@grafana/grafana-foundation-sdk/gauge";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as table from "@grafana/grafana-foundation-sdk/table";
import * as text from "@grafana/grafana-foundation-sdk/text";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { propertiesOf, type Look } from "./look";
import { dataSourceRef, type TargetBuilder } from "./target";

/** What every panel has. Ids are fixed, so that links and alerts keep pointing at the same panel. */
export interface PanelArgs {
  id: number;
  title: string;
  /** What is shown, for who looks at it for the first time. */
  description: string;
  /** Left, top, width and height on Grafana's grid of 24 columns. */
  at: [x: number, y: number, w: number, h: number];
  targets: TargetBuilder[];
  /** A unit of Grafana's for what has none of its own. */
  unit: string;
  /** Shown where the query has no rows. */
  empty: string;
  columns?: [column: string, Look][];
  transformations?: DataTransformerConfig[];
}

interface Common<B> {
  id(id: number): B;
  title(title: string): B;
  description(text: string): B;
  gridPos(pos: GridPos): B;
  datasource(ref: typeof dataSourceRef): B;
  targets(targets: TargetBuilder[]): B;
  unit(unit: string): B;
  noValue(text: string): B;
  transformations(list: DataTransformerConfig[]): B;
  overrideByName(name: string, properties: DynamicConfigValue[]): B;
}

function furnish<B extends Common<B>>(builder: B, args: PanelArgs): B {
  const furnished = builder
    .id(args.id)
    .title(args.title)
    .description(args.description)
    .gridPos(gridPos(args.at))
    .datasource(dataSourceRef)
    .targets(args.targets)
    .unit(args.unit)
    .noValue(args.empty);
  if (args.transformations) furnished.transformations(args.transformations);
  for (const [column, look] of args.columns ?? []) {
    furnished.overrideByName(column, propertiesOf(look));
  }
  return furnished;
}

function gridPos([x, y, w, h]: PanelArgs["at"]): GridPos {
  return { x, y, w, h };
}

/** Every row is a value of its own, named by its text column. */
const eachRow = () => new ReduceDataOptionsBuilder().values(true);
/** The newest value of a series. */
export const newestOnly = () => new ReduceDataOptionsBuilder().calcs(["lastNotNull"]);

/** Lines over time, named by the label of the series. */
export function timeSeriesPanel(args: PanelArgs): timeseries.PanelBuilder {
  return furnish(new timeseries.PanelBuilder(), args)
    .lineWidth(2)
    .fillOpacity(8)
    .showPoints(VisibilityMode.Auto)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(
      new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
    );
}

/** One value, large, with the course of it behind where the query gives one. */
export function statPanel(args: PanelArgs): stat.PanelBuilder {
  return furnish(new stat.PanelBuilder(), args)
    .reduceOptions(newestOnly())
    .graphMode(BigValueGraphMode.Area)
    .colorMode(BigValueColorMode.Value)
    .textMode(BigValueTextMode.Value);
}

/** One column of the one row, large, be it text or a number. */
export function fieldStatPanel(args: PanelArgs, field: string): stat.PanelBuilder {
  return statPanel(args)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(newestOnly().fields(`/^${field}$/`));
}

/** The one row's value with its name above. */
export function namedStatPanel(args: PanelArgs): stat.PanelBuilder {
  return statPanel(args)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(eachRow())
    .textMode(BigValueTextMode.ValueAndName);
}

/** One value against its bounds. */
export function gaugePanel(args: PanelArgs): gauge.PanelBuilder {
  return furnish(new gauge.PanelBuilder(), args).reduceOptions(eachRow());
}

/** A bar for each row, named by its text column. */
export function barGaugePanel(args: PanelArgs): bargauge.PanelBuilder {
  return furnish(new bargauge.PanelBuilder(), args)
    .reduceOptions(eachRow())
    .orientation(VizOrientation.Horizontal)
    .displayMode(BarGaugeDisplayMode.Basic)
    .namePlacement(BarGaugeNamePlacement.Left)
    .valueMode(BarGaugeValueMode.Color)
    .showUnfilled(false);
}

/** Columns over the text or time of `xField`. */
export function barChartPanel(args: PanelArgs, xField: string): barchart.PanelBuilder {
  return furnish(new barchart.PanelBuilder(), args)
    .xField(xField)
    .fillOpacity(80)
    .showValue(VisibilityMode.Never)
    .legend(new VizLegendOptionsBuilder().showLegend(false));
}

/** Rows and columns. */
export function tablePanel(args: PanelArgs): table.PanelBuilder {
  return furnish(new table.PanelBuilder(), args);
}

/** A note in Markdown. */
export function notePanel(
  args: Pick<PanelArgs, "id" | "title" | "description" | "at">,
  markdown: string,
): text.PanelBuilder {
  return new text.PanelBuilder()
    .id(args.id)
    .title(args.title)
    .description(args.description)
    .gridPos(gridPos(args.at))
    .mode(text.TextMode.Markdown)
    .content(markdown);
}

/** A heading across the grid. */
export function heading(id: number, title: string, y: number): RowBuilder {
  return new RowBuilder(title).id(id).gridPos({ x: 0, y, w: 24, h: 1 });
}

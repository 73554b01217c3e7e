import { z } from "zod";
import { panelsOf, type DashboardParts, type PanelParts } from "./targets";

/** Columns of Grafana's grid. */
const COLUMNS = 24;
const CHOSEN_BY_BROWSER = /\$\{|\$__(conditionalAll|adHocFilters|from|to)\b|\[\[/;

/** What a schema cannot see in a dashboard: ids, places on the grid, units, empty states, data source. */
export function lintDashboard(dashboard: DashboardParts, dataSourceUid: string): string[] {
  const panels = panelsOf(dashboard);
  const say = (panel: PanelParts, fault: string) => `${dashboard.title} / ${panel.title}: ${fault}`;
  return [
    ...panels.flatMap((panel, i) => {
      const twin = panels.slice(0, i).find(({ id }) => id === panel.id);
      return twin ? [say(panel, `has the id ${panel.id} of ${twin.title}`)] : [];
    }),
    ...panels.flatMap((panel) => placeFaults(panel).map((fault) => say(panel, fault))),
    ...panels.flatMap((panel, i) =>
      panels
        .slice(0, i)
        .filter((other) => overlap(panel, other))
        .map((other) => say(panel, `lies over ${other.title}`)),
    ),
    ...panels.flatMap((panel) =>
      showFaults(panel, dataSourceUid).map((fault) => say(panel, fault)),
    ),
  ];
}

function placeFaults({ gridPos: { x, y, w, h } }: PanelParts): string[] {
  if (x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= COLUMNS) return [];
  return [`is off the grid at x ${x}, y ${y}, ${w} wide, ${h} high`];
}

function overlap({ gridPos: a }: PanelParts, { gridPos: b }: PanelParts): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function showFaults(panel: PanelParts, dataSourceUid: string): string[] {
  if (panel.type === "row" || panel.type === "text") return [];
  const { defaults } = panel.fieldConfig;
  const refIds = panel.targets.map(({ refId }) => refId);
  const sorted = panel.transformations.some(({ id }) => id === "sortBy");
  const uidOf = (ref: unknown) => (ref as { uid?: string } | undefined)?.uid;
  return [
    ...(defaults["unit"] ? [] : ["has no unit"]),
    ...(defaults["noValue"] ? [] : ["says nothing where it is empty"]),
    ...(new Set(refIds).size === refIds.length ? [] : ["has two queries of one refId"]),
    ...(panel.type === "timeseries" && panel.targets.some(({ format }) => format === 1) && !sorted
      ? ["draws a table over time without putting it in order of time"]
      : []),
    ...[panel, ...panel.targets].flatMap((holder) =>
      uidOf(holder["datasource"]) === dataSourceUid
        ? []
        : [`asks the data source ${uidOf(holder["datasource"]) ?? "(none)"}, not ${dataSourceUid}`],
    ),
  ];
}

/** The parts of the alerts' file that the checks read. */
export const alertParts = z.looseObject({
  groups: z.array(
    z.looseObject({
      rules: z.array(
        z.looseObject({
          uid: z.string(),
          title: z.string(),
          condition: z.string(),
          dashboardUid: z.string(),
          panelId: z.number(),
          data: z.array(
            z.looseObject({
              refId: z.string(),
              datasourceUid: z.string(),
              model: z.looseObject({
                rawSql: z.string().optional(),
                expression: z.string().optional(),
              }),
            }),
          ),
        }),
      ),
    }),
  ),
});
export type AlertParts = z.infer<typeof alertParts>;

/** What a schema cannot see in the alerts: names that meet, panels that exist, macros that the server knows. */
export function lintAlerts(
  alerts: AlertParts,
  dashboards: readonly DashboardParts[],
  dataSourceUid: string,
): string[] {
  const rules = alerts.groups.flatMap((group) => group.rules);
  return rules.flatMap((rule, i) => {
    const refIds = new Set(rule.data.map(({ refId }) => refId));
    const dashboard = dashboards.find(({ uid }) => uid === rule.dashboardUid);
    const linked = dashboard && panelsOf(dashboard).some(({ id }) => id === rule.panelId);
    const faults = [
      ...(rules.slice(0, i).some(({ uid }) => uid === rule.uid) ? [`has a uid that is taken`] : []),
      ...(refIds.has(rule.condition)
        ? []
        : [`its condition ${rule.condition} is none of its queries`]),
      ...(linked
        ? []
        : [`links panel ${rule.panelId} of ${rule.dashboardUid}, which is not there`]),
      ...rule.data.flatMap(({ refId, datasourceUid, model }) => [
        ...(datasourceUid === dataSourceUid || datasourceUid === "__expr__"
          ? []
          : [`${refId} asks the data source ${datasourceUid}`]),
        ...(model.expression === undefined || refIds.has(model.expression)
          ? []
          : [`${refId} names ${model.expression}, which is none of its queries`]),
        ...(CHOSEN_BY_BROWSER.test(model.rawSql ?? "")
          ? [`${refId} has a variable or macro that only a browser fills in`]
          : []),
      ]),
    ];
    return faults.map((fault) => `alert ${rule.title}: ${fault}`);
  });
}

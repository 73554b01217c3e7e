import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { allDashboards } from "../../../dashboards";
import { defaultAlerting } from "../../../tools/check";
import { alertParts, lintAlerts, lintDashboard } from "../../../tools/check/lint";
import { alertingSchema, dashboardSchema, schemaFaults } from "../../../tools/check/schema";
import { dashboardParts } from "../../../tools/check/targets";

interface Panel {
  id: number;
  title: string;
  type: string;
  description: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource: { uid: string };
  targets: { refId: string; rawSql: string; format: number }[];
  fieldConfig: { defaults: { unit: string; noValue?: string } };
}
type Json = { uid: string; panels: Panel[]; [key: string]: unknown };

const boards = () => allDashboards().map(({ json }) => JSON.parse(json) as Json);
const faultsOf = (json: Json) => [
  ...schemaFaults(dashboardSchema, json, json.uid),
  ...lintDashboard(dashboardParts.parse(json), "clickhouse"),
];

/** Faults of the dashboard of players once its ranking was broken by `edit`. */
function broken(edit: (panel: Panel, json: Json) => void): string[] {
  const [json] = boards();
  edit(
    json!.panels.find(({ title }) => title === "Ranking")!,
    json!,
  );
  return faultsOf(json!);
}

describe("dashboards", () => {
  it("are without fault as they are", () => {
    expect(boards().flatMap(faultsOf)).toEqual([]);
  });

  it("are the same bytes on every run", () => {
    expect(allDashboards()).toEqual(allDashboards());
  });

  it.each<[string, (panel: Panel, json: Json) => void, RegExp]>([
    ["an id twice", (panel) => (panel.id = 8), /Trend of chosen games: has the id 8 of Ranking/],
    ["a panel off the grid", (panel) => (panel.gridPos.w = 25), /Ranking: is off the grid/],
    ["an overlap", (panel) => (panel.gridPos.w = 16), /lies over Ranking/],
    ["no description", (panel) => (panel.description = ""), /\(Ranking\)\.description/],
    ["no unit", (panel) => (panel.fieldConfig.defaults.unit = ""), /Ranking: has no unit/],
    [
      "no empty state",
      (panel) => delete panel.fieldConfig.defaults.noValue,
      /Ranking: says nothing/,
    ],
    [
      "a foreign data source",
      (panel) => (panel.datasource.uid = "x"),
      /Ranking: asks the data source x/,
    ],
    ["no query", (panel) => (panel.targets = []), /\(Ranking\)\.targets/],
    ["a refId twice", (panel) => (panel.targets[1]!.refId = "A"), /Ranking: has two queries/],
    ["an unknown key", (_, json) => (json["titel"] = 1), /Unrecognized key: "titel"/],
    ["an unknown panel type", (panel) => (panel.type = "tabel"), /\(Ranking\)\.type/],
    [
      "a table over time in no order",
      (panel) => {
        panel.type = "timeseries";
        panel.targets = panel.targets.slice(0, 1);
      },
      /Ranking: draws a table over time/,
    ],
  ])("fail with the panel's name for %s", (_, edit, fault) => {
    expect(broken(edit).join("\n")).toMatch(fault);
  });
});

interface RuleJson {
  uid: string;
  condition: string;
  panelId: number;
  data: { model: { rawSql?: string; expression?: string } }[];
  annotations: { summary?: string };
}

describe("alerts", () => {
  const dashboards = boards().map((json) => dashboardParts.parse(json));
  const faults = (yaml: string) => {
    const file: unknown = parse(yaml);
    return [
      ...schemaFaults(alertingSchema, file, "alerts"),
      ...lintAlerts(alertParts.parse(file), dashboards, "clickhouse"),
    ];
  };
  const brokenBy = (edit: (rule: RuleJson) => void) => {
    const file = parse(defaultAlerting()) as { groups: [{ rules: [RuleJson, RuleJson] }] };
    edit(file.groups[0].rules[1]);
    return faults(stringify(file)).join("\n");
  };

  it("are without fault as they are", () => {
    expect(faults(defaultAlerting())).toEqual([]);
  });

  it.each<[string, (rule: RuleJson) => void, RegExp]>([
    [
      "a uid twice",
      (rule) => (rule.uid = "steamline-stale"),
      /misses polls: has a uid that is taken/,
    ],
    ["a panel that is not there", (rule) => (rule.panelId = 99), /misses polls: links panel 99/],
    ["a condition that is not there", (rule) => (rule.condition = "D"), /condition D/],
    ["an expression of nothing", (rule) => (rule.data[1]!.model.expression = "B"), /C names B/],
    ["a variable", (rule) => (rule.data[0]!.model.rawSql += " ${game:csv}"), /only a browser/],
    [
      "a macro of the browser",
      (rule) => (rule.data[0]!.model.rawSql += " $__conditionalAll(a, $b)"),
      /only a browser/,
    ],
    [
      "no summary",
      (rule) => delete rule.annotations.summary,
      /misses polls\)\.annotations\.summary/,
    ],
  ])("fail with the alert's name for %s", (_, edit, fault) => {
    expect(brokenBy(edit)).toMatch(fault);
  });
});

import { z } from "zod";

const text = z.string().min(1);
const whole = z.int().min(0);
const dataSource = z.strictObject({ type: text, uid: text });

/** A query of the ClickHouse plugin, with all that the plugin needs to take it for one of its own. */
const target = z.strictObject({
  refId: z.string().regex(/^\w+$/),
  datasource: dataSource,
  editorType: z.literal("sql"),
  queryType: z.enum(["timeseries", "table"]),
  format: z.union([z.literal(0), z.literal(1)]),
  rawSql: text,
  pluginVersion: text,
});

const step = z.strictObject({ value: z.number().nullable(), color: text });
const thresholds = z.strictObject({
  mode: z.enum(["absolute", "percentage"]),
  // The first step has no lower bound, or values below it have no colour.
  steps: z.tuple([step.extend({ value: z.null() })], step.extend({ value: z.number() })),
});
const mapping = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("value"),
    options: z.record(z.string(), z.looseObject({ text: z.string() })),
  }),
  z.strictObject({
    type: z.literal("special"),
    options: z.strictObject({ match: text, result: z.looseObject({ text: z.string() }) }),
  }),
]);
const fieldConfig = z.strictObject({
  defaults: z.strictObject({
    unit: text.optional(),
    decimals: whole.optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    displayName: text.optional(),
    noValue: text.optional(),
    mappings: z.array(mapping).optional(),
    thresholds: thresholds.optional(),
    color: z.looseObject({ mode: text }).optional(),
    custom: z.looseObject({}).optional(),
  }),
  overrides: z.array(
    z.strictObject({
      matcher: z.strictObject({ id: z.enum(["byName", "byRegexp"]), options: text }),
      properties: z.array(z.strictObject({ id: text, value: z.unknown() })).min(1),
    }),
  ),
});
const gridPos = z.strictObject({ x: whole, y: whole, w: whole, h: whole });
const common = { id: z.int().min(1), title: text, gridPos };

const row = z.strictObject({
  ...common,
  type: z.literal("row"),
  collapsed: z.boolean(),
  panels: z.array(z.looseObject({})),
});
const chart = z.strictObject({
  ...common,
  type: z.enum(["timeseries", "stat", "gauge", "bargauge", "barchart", "table"]),
  description: text,
  datasource: dataSource,
  targets: z.array(target).min(1),
  options: z.looseObject({}),
  fieldConfig,
  interval: z
    .string()
    .regex(/^\d+[smh]$/)
    .optional(),
  transformations: z.array(z.strictObject({ id: text, options: z.looseObject({}) })).optional(),
  transparent: z.boolean(),
  repeatDirection: text.optional(),
});
const note = z.strictObject({
  ...common,
  type: z.literal("text"),
  description: text,
  options: z.looseObject({ mode: z.literal("markdown"), content: text }),
  fieldConfig: z.looseObject({}).optional(),
  transparent: z.boolean(),
  repeatDirection: text.optional(),
});

const variable = z.looseObject({
  type: z.enum(["query", "constant"]),
  name: z.string().regex(/^\w+$/),
  label: text,
  description: text,
  query: z.union([text, z.looseObject({ rawSql: text, format: z.literal(1) })]),
});

/** A dashboard as Grafana's classic JSON has it, with no more than what is used here. */
export const dashboardSchema = z.strictObject({
  uid: z.string().regex(/^[\w-]{1,40}$/),
  title: text,
  description: text,
  tags: z.array(text),
  timezone: z.enum(["browser", "utc"]),
  editable: z.literal(false),
  graphTooltip: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  fiscalYearStartMonth: whole,
  schemaVersion: z.int().min(36),
  time: z.strictObject({ from: text, to: text }),
  refresh: z.string().regex(/^\d+[smh]$/),
  links: z.array(z.looseObject({ title: text, type: z.enum(["dashboards", "link"]) })),
  panels: z.array(z.discriminatedUnion("type", [row, chart, note])).min(1),
  templating: z.strictObject({ list: z.array(variable).optional() }),
  annotations: z.strictObject({
    list: z
      .array(
        z.looseObject({
          name: text,
          enable: z.boolean(),
          iconColor: text,
          datasource: dataSource,
          target,
        }),
      )
      .optional(),
  }),
});

const rule = z.strictObject({
  uid: z.string().regex(/^[\w-]{1,40}$/),
  title: text,
  condition: text,
  for: z.string().regex(/^\d+s$/),
  noDataState: z.enum(["OK", "NoData", "Alerting"]),
  execErrState: z.enum(["OK", "Error", "Alerting"]),
  dashboardUid: text,
  panelId: z.int().min(1),
  labels: z.record(z.string(), text),
  annotations: z.strictObject({ summary: text, description: text }),
  data: z
    .array(
      z.strictObject({
        refId: text,
        datasourceUid: text,
        relativeTimeRange: z.strictObject({ from: whole, to: whole }),
        model: z.looseObject({ refId: text }),
      }),
    )
    .min(2),
});

/** Grafana's provisioning file of alerts. */
export const alertingSchema = z.strictObject({
  apiVersion: z.literal(1),
  groups: z
    .array(
      z.strictObject({
        orgId: z.literal(1),
        name: text,
        folder: text,
        interval: z.string().regex(/^\d+s$/),
        rules: z.array(rule).min(1),
      }),
    )
    .min(1),
  contactPoints: z
    .array(
      z.strictObject({
        orgId: z.literal(1),
        name: text,
        receivers: z.array(z.strictObject({ uid: text, type: text, settings: z.looseObject({}) })),
      }),
    )
    .optional(),
  policies: z.array(z.looseObject({ orgId: z.literal(1), receiver: text })).optional(),
});

/** Faults of `value` against `schema`, each with the path to it. */
export function schemaFaults(schema: z.ZodType, value: unknown, where: string): string[] {
  const read = schema.safeParse(value);
  if (read.success) return [];
  return read.error.issues.map(
    (issue) => `${where}: ${pathIn(value, issue.path)}: ${issue.message}`,
  );
}

/** A path with the titles of the panels and rules that it goes through. */
function pathIn(value: unknown, path: readonly PropertyKey[]): string {
  let at = value as Record<PropertyKey, unknown> | undefined;
  const parts: string[] = [];
  for (const key of path) {
    at = at?.[key] as typeof at;
    const title = at && typeof at === "object" ? at["title"] : undefined;
    parts.push(typeof title === "string" ? `${String(key)} (${title})` : String(key));
  }
  return parts.join(".");
}

import { z } from "zod";
import type { Choices } from "./expand";

/** A query somewhere in a dashboard or alert, with where it stands in words that a person finds. */
export interface Target {
  /** As `Players / Ranking (A)`. */
  where: string;
  rawSql: string;
  format: "timeseries" | "table";
  /** Whether the panel puts rows in order itself. */
  sorted: boolean;
  /** Whether time has to be the first column and rise, as the plugin needs it for time series. */
  overTime: boolean;
}

const query = z.looseObject({
  refId: z.string(),
  rawSql: z.string(),
  format: z.union([z.literal(0), z.literal(1)]),
});
const panel = z.looseObject({
  id: z.number(),
  type: z.string(),
  title: z.string().default(""),
  targets: z.array(query).default([]),
  transformations: z.array(z.looseObject({ id: z.string() })).default([]),
  get panels() {
    return z.array(panel).default([]);
  },
});
const variable = z.looseObject({
  name: z.string(),
  type: z.string(),
  query: z.unknown(),
  current: z.looseObject({ value: z.union([z.string(), z.array(z.string())]) }).optional(),
});

/** The parts of a dashboard's JSON that the checks and pictures read. */
export const dashboardParts = z.looseObject({
  uid: z.string(),
  title: z.string(),
  panels: z.array(panel).default([]),
  templating: z.looseObject({ list: z.array(variable).default([]) }).default({ list: [] }),
  annotations: z
    .looseObject({
      list: z.array(z.looseObject({ name: z.string(), target: query.optional() })).default([]),
    })
    .default({ list: [] }),
});
export type DashboardParts = z.infer<typeof dashboardParts>;
export type PanelParts = z.infer<typeof panel>;

/** Panels of a dashboard, those in collapsed rows among them. */
export function panelsOf(dashboard: DashboardParts): PanelParts[] {
  return dashboard.panels.flatMap((found) => [found, ...found.panels]);
}

/** Every query of a dashboard: of panels, variables and annotations. */
export function targetsOf(dashboard: DashboardParts): Target[] {
  const target = (where: string, found: z.infer<typeof query>, sorted = false): Target => ({
    where: `${dashboard.title} / ${where}`,
    rawSql: found.rawSql,
    format: found.format === 0 ? "timeseries" : "table",
    sorted,
    overTime: found.format === 0,
  });
  return [
    ...panelsOf(dashboard).flatMap(({ title, targets, transformations }) =>
      targets.map((found) =>
        target(
          `${title} (${found.refId})`,
          found,
          transformations.some(({ id }) => id === "sortBy"),
        ),
      ),
    ),
    ...dashboard.templating.list.flatMap(({ name, query: found }) => {
      const parsed = query.safeParse(found);
      return parsed.success ? [target(`variable ${name}`, parsed.data)] : [];
    }),
    ...dashboard.annotations.list.flatMap(({ name, target: found }) =>
      found ? [target(`annotation ${name}`, found)] : [],
    ),
  ];
}

/** What is chosen for each variable before anyone chooses. */
export function choicesOf(dashboard: DashboardParts): Choices {
  return Object.fromEntries(
    dashboard.templating.list.map(({ name, type, query: text, current }) => [
      name,
      type === "constant" ? [String(text)] : [current?.value ?? []].flat(),
    ]),
  );
}

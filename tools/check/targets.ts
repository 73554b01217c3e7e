import { z } from "zod";
import type { Choices } from "./expand";

/** A query somewhere in a dashboard or alert, with where it stands in words that a person finds. */
export interface Target {
  /** As `Players / Ranking (A)`. */
  where: string;
  rawSql: string;
  format: "timeseries" | "table";
  /** Columns that the panel names, which the result therefore has to have. */
  columns: string[];
  /** Whether it is to have rows where the tables have. */
  filled: boolean;
}

const query = z.looseObject({
  refId: z.string(),
  rawSql: z.string(),
  format: z.union([z.literal(0), z.literal(1)]),
});
const override = z.looseObject({
  matcher: z.looseObject({ id: z.string(), options: z.unknown() }),
  properties: z.array(z.looseObject({ id: z.string(), value: z.unknown() })),
});
const leaf = z.looseObject({
  id: z.number(),
  type: z.string(),
  title: z.string().default(""),
  gridPos: z.looseObject({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(query).default([]),
  transformations: z
    .array(
      z.looseObject({ id: z.string(), options: z.record(z.string(), z.unknown()).default({}) }),
    )
    .default([]),
  options: z.record(z.string(), z.unknown()).default({}),
  fieldConfig: z
    .looseObject({
      defaults: z.record(z.string(), z.unknown()).default({}),
      overrides: z.array(override).default([]),
    })
    .default({ defaults: {}, overrides: [] }),
});
/** A row holds panels where it is collapsed. */
const panel = leaf.extend({ panels: z.array(leaf).default([]) });
const variable = z.looseObject({
  name: z.string(),
  type: z.string(),
  query: z.unknown(),
  current: z
    .looseObject({
      value: z.union([z.string(), z.array(z.string())]),
      text: z.union([z.string(), z.array(z.string())]),
    })
    .optional(),
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
export type PanelParts = z.infer<typeof leaf>;

/** Panels of a dashboard, those in collapsed rows among them. */
export function panelsOf(dashboard: DashboardParts): PanelParts[] {
  return dashboard.panels.flatMap((found) => [found, ...found.panels]);
}

/** Every query of a dashboard: of panels, variables and annotations. */
export function targetsOf(dashboard: DashboardParts): Target[] {
  const target = (where: string, found: z.infer<typeof query>, rest: Partial<Target>): Target => ({
    where: `${dashboard.title} / ${where}`,
    rawSql: found.rawSql,
    format: found.format === 0 ? "timeseries" : "table",
    columns: [],
    filled: true,
    ...rest,
  });
  return [
    ...panelsOf(dashboard).flatMap((found) =>
      found.targets.map((query) =>
        target(`${found.title} (${query.refId})`, query, {
          // With several queries it is not told which of them has a column.
          columns: found.targets.length === 1 ? namedColumns(found) : [],
        }),
      ),
    ),
    ...dashboard.templating.list.flatMap(({ name, query: found }) => {
      const parsed = query.safeParse(found);
      return parsed.success ? [target(`variable ${name}`, parsed.data, {})] : [];
    }),
    ...dashboard.annotations.list.flatMap(({ name, target: found }) =>
      found ? [target(`annotation ${name}`, found, { filled: false })] : [],
    ),
  ];
}

/** Columns that a panel's overrides and options name. */
function namedColumns({ fieldConfig, options }: PanelParts): string[] {
  const overridden = fieldConfig.overrides
    .filter(({ matcher }) => matcher.id === "byName")
    .map(({ matcher }) => String(matcher.options));
  const reduced = /^\/\^(\w+)\$\/$/.exec(
    String((options["reduceOptions"] as { fields?: string } | undefined)?.fields ?? ""),
  )?.[1];
  const xField = options["xField"];
  return [
    ...overridden,
    ...(reduced ? [reduced] : []),
    ...(typeof xField === "string" ? [xField] : []),
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

import { expand, type Choices } from "../check/expand";
import { rangeOf } from "../check/run";
import type { Engine } from "../check/scratch";
import { choicesOf, dashboardParts, panelsOf } from "../check/targets";
import type { TimeRange } from "../check/macros";
import type { Answer, Dashboard, PageData, RangeData } from "./model/dashboard";

const HOUR_MS = 3_600_000;

/** The times that a page offers, and how long each is. */
export const RANGES: Readonly<Record<string, number>> = {
  "1h": HOUR_MS,
  "6h": 6 * HOUR_MS,
  "24h": 24 * HOUR_MS,
  "7d": 7 * 24 * HOUR_MS,
  "30d": 30 * 24 * HOUR_MS,
};

export interface CollectArgs {
  engine: Engine;
  /** A dashboard's JSON, as Grafana gets it. */
  json: string;
  /** Where the rows come from, for who looks. */
  source: string;
  now: Date;
  /** Names of `RANGES`. */
  ranges: readonly string[];
  /** The one that is shown first. */
  range: string;
}

/** Runs every query of a dashboard for every range. A query that fails has its error in place of rows. */
export async function collect(args: CollectArgs): Promise<PageData> {
  const dashboard = dashboardParts.parse(JSON.parse(args.json));
  const choices = choicesOf(dashboard);
  const ranges: Record<string, RangeData> = {};
  for (const name of args.ranges) {
    const range = rangeOf(args.now, RANGES[name] ?? HOUR_MS);
    const answers: Record<string, Answer> = {};
    for (const panel of panelsOf(dashboard)) {
      const least = intervalMs(panel["interval"]);
      const asked = { ...range, intervalMs: Math.max(range.intervalMs, least) };
      for (const { refId, rawSql } of panel.targets) {
        answers[`${panel.id}/${refId}`] = await answer(args.engine, rawSql, asked, choices);
      }
    }
    const annotations: Answer[] = [];
    for (const { target } of dashboard.annotations.list) {
      if (target) annotations.push(await answer(args.engine, target.rawSql, range, choices));
    }
    ranges[name] = { from: range.from.getTime(), to: range.to.getTime(), answers, annotations };
  }
  return {
    dashboard: dashboard as unknown as Dashboard,
    source: args.source,
    choices: dashboard.templating.list
      .filter(({ type }) => type === "query")
      .map(({ name, current }) => ({
        name: name.charAt(0).toUpperCase() + name.slice(1),
        text: [current?.text ?? []].flat().join(", "),
      })),
    ranges,
    range: args.range,
  };
}

async function answer(
  engine: Engine,
  rawSql: string,
  range: TimeRange,
  choices: Choices,
): Promise<Answer> {
  try {
    const { columns, rows } = await engine.query(expand(rawSql, range, choices));
    return { columns, rows: rows.map((row) => columns.map(({ name }) => row[name])) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** A panel's own least width of a point, as `60s`. */
function intervalMs(interval: unknown): number {
  const [, count = "0", unit = "s"] =
    /^(\d+)([smh])$/.exec(typeof interval === "string" ? interval : "") ?? [];
  return Number(count) * ({ s: 1_000, m: 60_000, h: HOUR_MS }[unit] ?? 0);
}

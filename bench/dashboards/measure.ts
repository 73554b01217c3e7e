import { allDashboards } from "../../dashboards";
import { expand, type Choices } from "../../tools/check/expand";
import type { TimeRange } from "../../tools/check/macros";
import { rangeOf } from "../../tools/check/run";
import type { Engine } from "../../tools/check/scratch";
import { choicesOf, dashboardParts, targetsOf } from "../../tools/check/targets";
import { spread, type Spread } from "../lib/statistics";

const DAY_MS = 86_400_000;

/** Ranges that panels are asked for: the dashboards' own, and the longest that the target speaks of. */
export const RANGES = { day: DAY_MS, month: 30 * DAY_MS } as const;

/** One query of a dashboard. */
export interface BenchQuery {
  where: string;
  rawSql: string;
  choices: Choices;
}

/** Milliseconds of one query for each range. */
export interface Measured {
  where: string;
  day: Spread;
  month: Spread;
}

/** Every query of every dashboard. */
export function dashboardQueries(): BenchQuery[] {
  return allDashboards().flatMap(({ json }) => {
    const dashboard = dashboardParts.parse(JSON.parse(json));
    const choices = choicesOf(dashboard);
    return targetsOf(dashboard).map(({ where, rawSql }) => ({ where, rawSql, choices }));
  });
}

/** The guide's four queries, which look at times of their own. */
export function guideQueries(): BenchQuery[] {
  return dashboardQueries().filter(({ where }) => /\/ [1-4]\. /.test(where));
}

/** Times each query for each range, all of them once in each round. */
export async function measure(
  engine: Engine,
  queries: readonly BenchQuery[],
  rounds: number,
  now: Date,
): Promise<Measured[]> {
  const times = queries.map(() => ({ day: [] as number[], month: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, query] of queries.entries()) {
      times[i]?.day.push(await timed(engine, query, rangeOf(now, RANGES.day)));
      times[i]?.month.push(await timed(engine, query, rangeOf(now, RANGES.month)));
    }
  }
  return queries.map(({ where }, i) => ({
    where,
    day: spread(times[i]?.day ?? []),
    month: spread(times[i]?.month ?? []),
  }));
}

async function timed(engine: Engine, query: BenchQuery, range: TimeRange): Promise<number> {
  const sql = expand(query.rawSql, range, query.choices);
  const before = performance.now();
  await engine.query(sql);
  return performance.now() - before;
}

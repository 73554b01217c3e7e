import { expand, type Choices } from "./expand";
import type { TimeRange } from "./macros";
import type { Column, Engine, Result } from "./scratch";
import type { Target } from "./targets";

const HOUR_MS = 3_600_000;
/** Points across a panel of usual width. */
const POINTS = 800;

/** The time ranges that every query is tried for: within a poll's reach, the usual day, and beyond the hourly switch. */
export function trialRanges(now: Date): [name: string, TimeRange][] {
  return [
    ["an hour", 1],
    ["a day", 24],
    ["a week", 7 * 24],
  ].map(([name, hours]) => [String(name), rangeOf(now, Number(hours) * HOUR_MS)]);
}

/** The `lengthMs` before `now`, in points as a panel of usual width asks for. */
export function rangeOf(now: Date, lengthMs: number): TimeRange {
  return {
    from: new Date(now.getTime() - lengthMs),
    to: now,
    intervalMs: Math.max(1_000, lengthMs / POINTS),
  };
}

/** A trial of all queries on one engine. */
export interface Trial {
  engine: Engine;
  /** What the engine holds, for messages. */
  holds: string;
  /** Whether a query without rows in every range is a fault. */
  filled: boolean;
  now: Date;
}

/** Runs every target for every range. @returns a fault for each query that fails or answers what its panel cannot draw. */
export async function tryTargets(
  targets: readonly (Target & { choices: Choices })[],
  { engine, holds, filled, now }: Trial,
): Promise<{ faults: string[]; queries: number }> {
  const faults: string[] = [];
  let queries = 0;
  for (const target of targets) {
    let rows = 0;
    for (const [name, range] of trialRanges(now)) {
      queries++;
      const where = `${target.where}, ${name} on ${holds}`;
      try {
        const result = await engine.query(expand(target.rawSql, range, target.choices));
        rows += result.rows.length;
        faults.push(...resultFaults(target, result).map((fault) => `${where}: ${fault}`));
      } catch (error) {
        rows++;
        faults.push(
          `${where}: ${error instanceof Error ? error.message.slice(0, 400) : String(error)}`,
        );
      }
    }
    if (filled && target.filled && rows === 0)
      faults.push(`${target.where}: has no rows on ${holds}`);
  }
  return { faults, queries };
}

function resultFaults(target: Target, { columns, rows }: Result): string[] {
  const names = new Set(columns.map(({ name }) => name));
  const absent = target.columns.filter((column) => !names.has(column));
  return [
    ...absent.map(
      (column) => `the panel names the column ${column}, which the query does not give`,
    ),
    ...(target.format === "timeseries" ? seriesFaults(columns, rows) : []),
    ...columns.filter(isTime).flatMap(({ name }) => {
      const early = rows.some((row) => /^(1970|2106)-/.test(String(row[name])));
      return early ? [`${name} shows a time that never was`] : [];
    }),
  ];
}

function isTime({ type }: Column): boolean {
  return /^(Nullable\()?DateTime/.test(type);
}

function seriesFaults(columns: readonly Column[], rows: Result["rows"]): string[] {
  const [time] = columns;
  if (!time || !/^DateTime/.test(time.type)) return ["its first column is not a time"];
  if (!columns.some(({ type }) => /^(Nullable\()?(U?Int|Float|Decimal)/.test(type))) {
    return ["it has no number to draw"];
  }
  const times = rows.map((row) => String(row[time.name]));
  const falls = times.some((at, i) => i > 0 && at < (times[i - 1] ?? at));
  return falls ? ["its time does not rise"] : [];
}

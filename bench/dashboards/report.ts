import { machineLine, type Machine } from "../lib/machine";
import { renderTable } from "../lib/format";
import type { Measured } from "./measure";

/** Measurements on one number of rows. */
export interface Scale {
  rows: number;
  /** Milliseconds that a panel's query may take, by its median. */
  targetMs: number;
  panels: Measured[];
  /** The guide's queries on the guide's own tables, holding the same rows. */
  guide: Measured[];
}

export interface Report {
  machine: Machine;
  rounds: number;
  /** Programs that wanted a core when the measurement ended, averaged over its last five minutes. */
  load: number;
  scales: Scale[];
}

/** Panels that take longer than they may. */
export function missed({ targetMs, panels }: Scale): Measured[] {
  return panels.filter((panel) => slowest(panel) > targetMs);
}

const slowest = ({ day, month }: Measured) => Math.max(day.median, month.median);
const ms = (value: number) => value.toFixed(0);

/** How many of the slowest panels are listed. */
const LISTED = 12;

export function renderReport({ machine, rounds, load, scales }: Report): string {
  return [
    `${machineLine(machine)}; ${rounds} rounds, medians in ms; embedded engine, warm; load ${load.toFixed(1)}`,
    ...scales.flatMap((scale) => ["", ...renderScale(scale)]),
  ].join("\n");
}

function renderScale(scale: Scale): string[] {
  const late = missed(scale);
  const sorted = [...scale.panels].sort((a, b) => slowest(b) - slowest(a));
  const line = ({ where, day, month }: Measured) => [
    where,
    ms(day.median),
    ms(month.median),
    ms(Math.max(day.most, month.most)),
  ];
  const heads = (what: string) => [what, "a day", "30 days", "most"];
  return [
    `${scale.rows.toLocaleString("en-US")} rows: ${scale.panels.length} queries, at most ${scale.targetMs} ms each: ${
      late.length === 0 ? "all met" : `${late.length} missed`
    }`,
    renderTable(heads("slowest panels"), sorted.slice(0, LISTED).map(line), [1, 2, 3]),
    renderTable(
      heads("the guide's queries on the guide's tables"),
      scale.guide.map(line),
      [1, 2, 3],
    ),
  ];
}

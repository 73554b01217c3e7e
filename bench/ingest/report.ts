import { renderTable, times } from "../lib/format";
import { machineLine, type Machine } from "../lib/machine";
import { ratio, spread } from "../lib/statistics";
import type { Contestant } from "./contestants";
import type { Latency } from "./latency";

export type Who = Contestant["name"];

/** What one round found. */
export interface Sample {
  name: Who;
  /** Rows a second, drained from a topic of one row a message, and of a hundred. */
  single: number;
  packed: number;
  latency: Latency;
}

export interface Report {
  machine: Machine;
  rows: number;
  perSecond: number;
  samples: Sample[];
  ratios: { name: string; value: number | undefined; wanted: number; met: boolean }[];
  /** The slowest hundredth, of ours. */
  p99Ms: number;
}

/** Longest that the slowest hundredth may take. */
export const WANTED_P99_MS = 1_000;

export function reportOf(
  machine: Machine,
  rows: number,
  perSecond: number,
  samples: Sample[],
): Report {
  const rate = (name: Who, kind: "single" | "packed") => median(samples, name, (one) => one[kind]);
  const compared = (name: string, value: number, base: number, wanted: number) => {
    const found = ratio(value, base);
    return { name, value: found, wanted, met: (found ?? 0) >= wanted };
  };
  return {
    machine,
    rows,
    perSecond,
    samples,
    p99Ms: median(samples, "ours", ({ latency }) => latency.p99Ms),
    ratios: [
      compared("ours / safety off", rate("ours", "single"), rate("safety off", "single"), 0.8),
      compared("ours / guide", rate("ours", "single"), rate("guide", "single"), 1.3),
      compared("ours packed / guide", rate("ours", "packed"), rate("guide", "single"), 3),
    ],
  };
}

function median(samples: readonly Sample[], name: Who, pick: (sample: Sample) => number): number {
  return spread(samples.filter((sample) => sample.name === name).map(pick)).median;
}

export function isMet({ ratios, p99Ms }: Report): boolean {
  return ratios.every(({ met }) => met) && p99Ms < WANTED_P99_MS;
}

export function renderReport(report: Report): string {
  const { machine, rows, perSecond, samples, ratios, p99Ms } = report;
  const names = [...new Set(samples.map(({ name }) => name))];
  const number = (value: number) => Math.round(value).toLocaleString("en");
  const table = renderTable(
    ["", "rows/s", "rows/s, 100 a message", "p50", "p99"],
    names.map((name) => [
      name,
      number(median(samples, name, ({ single }) => single)),
      number(median(samples, name, ({ packed }) => packed)),
      `${number(median(samples, name, ({ latency }) => latency.p50Ms))} ms`,
      `${number(median(samples, name, ({ latency }) => latency.p99Ms))} ms`,
    ]),
    [1, 2, 3, 4],
  );
  const verdict = (isMet: boolean) => (isMet ? "met" : "missed");
  const comparison = renderTable(
    ["", "found", "wanted", ""],
    [
      ...ratios.map(({ name, value, wanted, met }) => [
        name,
        times(value),
        `at least ${times(wanted)}`,
        verdict(met),
      ]),
      [
        "ours, p99",
        `${number(p99Ms)} ms`,
        `below ${number(WANTED_P99_MS)} ms`,
        verdict(p99Ms < WANTED_P99_MS),
      ],
    ],
    [1],
  );
  return `${machineLine(machine)}\ndrained from ${number(rows)} rows; from produce to query at ${number(perSecond)} messages/s\n\n${table}\n\n${comparison}`;
}

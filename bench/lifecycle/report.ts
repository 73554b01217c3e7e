import { renderTable, seconds, secondsOf, times } from "../lib/format";
import { machineLine, type Machine } from "../lib/machine";
import { ratio, spread, type Spread } from "../lib/statistics";
import type { Phase } from "./phases";
import type { Timed } from "./steamline";

/** What is measured, with the time it may take. */
export const steps = [
  { name: "up", title: "up, from nothing to first rows", targetMs: 25_000 },
  { name: "unchanged", title: "up, with no change", targetMs: 4_000 },
  { name: "preview", title: "preview", targetMs: 3_000 },
  { name: "destroy", title: "destroy", targetMs: 8_000 },
] as const;

export type StepName = (typeof steps)[number]["name"];
export type Round = Record<StepName, { steamline: Timed; byHand: Timed }>;

export interface StepReport {
  name: StepName;
  title: string;
  targetMs: number;
  met: boolean;
  /** Milliseconds of the whole command. */
  steamline: Spread;
  byHand: Spread;
  /** Steamline's median by that of the work by hand. */
  ratio: number | undefined;
  /** Milliseconds until `up` saw rows, by its own word. */
  rows?: Spread;
  /** Of a life of its own, which is traced and not measured; by hand, of the round with the median time. */
  phases: { steamline: Phase[]; byHand: Phase[] };
}

export interface Report {
  machine: Machine;
  rounds: number;
  steps: StepReport[];
}

/** @param traced The same steps with their phases, whose times do not count. */
export function reportOf(
  machine: Machine,
  rounds: readonly Round[],
  traced: Record<StepName, Timed>,
): Report {
  return {
    machine,
    rounds: rounds.length,
    steps: steps.map(({ name, title, targetMs }) => {
      const ours = rounds.map((round) => round[name].steamline);
      const hands = rounds.map((round) => round[name].byHand);
      const steamline = spread(ours.map(({ ms }) => ms));
      const byHand = spread(hands.map(({ ms }) => ms));
      const rows = ours.flatMap(({ rowsMs }) => rowsMs ?? []);
      return {
        ...{ name, title, targetMs, met: steamline.median <= targetMs, steamline, byHand },
        ratio: ratio(steamline.median, byHand.median),
        ...(name === "up" && rows.length > 0 ? { rows: spread(rows) } : {}),
        phases: { steamline: traced[name].phases, byHand: middle(hands).phases },
      };
    }),
  };
}

/** The one with the median time; of two, the shorter. */
function middle(all: readonly Timed[]): Timed {
  const sorted = [...all].sort((a, b) => a.ms - b.ms);
  return sorted[(sorted.length - 1) >> 1] ?? { ms: 0, phases: [] };
}

export function renderReport({ machine, rounds, steps }: Report): string {
  const summary = steps.map((step) => [
    step.title,
    secondsOf(step.steamline),
    seconds(step.targetMs) + (step.met ? "" : " missed"),
    secondsOf(step.byHand),
    times(step.ratio),
  ]);
  const rows = steps.flatMap((step) => step.rows ?? []);
  return [
    `${machineLine(machine)}; ${rounds} ${rounds === 1 ? "round" : "rounds"}, median (least to most)`,
    "",
    renderTable(["npm run", "takes", "at most", "by hand", "ratio"], summary, [1, 2, 3, 4]),
    ...rows.map(
      (spread) => `rows were seen after ${secondsOf(spread)}; up then looks at every hop.`,
    ),
    "By hand: docker, kafka-topics and clickhouse-client, with the same images, settings and SQL. It has no",
    "preview: beside it stands a look at all definitions. Where the time goes is told by a further life of the",
    "stack with Pulumi's event log, which takes time itself.",
    ...steps.flatMap((step) => ["", renderPhases(step)]),
  ].join("\n");
}

/** Shorter stretches are left out for people. */
const SHOWN_MS = 50;

function renderPhases({ title, phases }: StepReport): string {
  const rows = (side: string, list: readonly Phase[]) =>
    list
      .filter(({ fromMs, toMs }) => toMs - fromMs >= SHOWN_MS)
      .map(({ name, fromMs, toMs }) => [
        side,
        name,
        seconds(toMs - fromMs),
        seconds(fromMs),
        seconds(toMs),
      ]);
  return renderTable(
    [title, "where the time goes", "takes", "from", "to"],
    [...rows("npm run", phases.steamline), ...rows("by hand", phases.byHand)],
    [2, 3, 4],
  );
}

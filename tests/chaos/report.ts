import { renderTable } from "../../bench/lib/format";
import { spread } from "../../bench/lib/statistics";
import { count } from "../../tools/lib/amount";
import type { ChaosReport, Round } from "./rounds";

/** Whether nothing was lost, repeated, out of order or unaccounted for. */
export function isWell({ rounds, final }: ChaosReport): boolean {
  return final.findings.length === 0 && rounds.every(({ findings }) => findings.length === 0);
}

/** The report for people: recovery by fault, and what the checks found. */
export function renderChaos(report: ChaosReport): string {
  const { seed, rounds, final } = report;
  const { log } = final;
  const findings = [
    ...rounds.flatMap(({ fault, findings }, index) =>
      findings.map((finding) => `round ${index + 1}, ${fault}: ${finding}`),
    ),
    ...final.findings.map((finding) => `at the end: ${finding}`),
  ];
  return [
    recoveryTable(rounds),
    "",
    `seed ${seed}: ${count(rounds.length, "round")}, ${count(final.acknowledged, "record")} acknowledged, ${count(final.badMessages, "bad message")}`,
    `in the topic: ${count(log.records, "record")}, ${log.repeated} of them stored twice by Kafka, ${count(log.bad, "bad message")}, ${log.empty} without a value`,
    `delivered to ClickHouse again: ${count(final.deliveredAgain, "message")}; rows hidden until a merge: ${final.hiddenRepeats}`,
    ...(findings.length === 0
      ? [
          "lost 0, repeated 0, out of order 0; every bad message is a dead letter; the audit agrees, and finds a removed row",
        ]
      : findings),
  ].join("\n");
}

function recoveryTable(rounds: readonly Round[]): string {
  const header = ["fault", "rounds", "lasted", "rows again after", "worst", "all after", "worst"];
  const rows = [...new Set(rounds.map(({ fault }) => fault))].sort().map((fault) => {
    const own = rounds.filter((round) => round.fault === fault);
    return [
      fault,
      String(own.length),
      seconds(own.map(({ struckMs }) => struckMs)).median,
      ...Object.values(seconds(own.map(({ rowsAgainMs }) => rowsAgainMs))),
      ...Object.values(seconds(own.map(({ caughtUpMs }) => caughtUpMs))),
    ];
  });
  return renderTable(header, rows, [1, 2, 3, 4, 5, 6]);
}

/** Median and worst, `never` where one of them did not end. */
function seconds(times: readonly (number | undefined)[]): { median: string; worst: string } {
  const known = times.filter((time) => time !== undefined);
  if (known.length < times.length) return { median: "-", worst: "never" };
  const { median, most } = spread(known);
  const text = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return { median: text(median), worst: text(most) };
}

import { alignTable } from "../../tools/lib/table";
import { seconds } from "../lib/format";
import { machineLine, type Machine } from "../lib/machine";
import type { Size } from "./size";

/** What one step did to the flow. */
export interface Outcome {
  name: string;
  /** From the command's start to its end. */
  upMs: number;
  /** Longest time in which nothing new was stored; without a change about the flush and the load's own interval. */
  gapMs: number;
}

export interface Report {
  machine: Machine;
  recordsPerSecond: number;
  outcomes: Outcome[];
  size: Size;
  /** What a stack of one or two brokers answers to three. */
  refusal: string;
  /** To a stack of three brokers beside the first. */
  move: { upMs: number; backupMs: number; restoreMs: number; rows: number; missing: number };
  /** Acknowledged by Kafka in all that time. */
  sent: number;
  lost: number;
  /** Rows that a reader sees more than once. */
  repeated: number;
}

/** Whether nothing was lost or repeated, and what has to be refused was. */
export function isMet({ lost, repeated, sent, refusal, move }: Report): boolean {
  return sent > 0 && lost === 0 && repeated === 0 && refusal !== "" && move.missing === 0;
}

/** For people. */
export function renderReport(report: Report): string {
  const { outcomes, move, sent, lost, repeated } = report;
  const rows = outcomes.map(({ name, upMs, gapMs }) => [
    name,
    upMs === 0 ? "" : seconds(upMs),
    seconds(gapMs),
  ]);
  return [
    machineLine(report.machine),
    `one stack under ${report.recordsPerSecond} records/s, which grows step by step`,
    "",
    ...alignTable([["step", "npm run up", "longest pause of storing"], ...rows]),
    "",
    `brokers 2 to 3: ${report.refusal || "NOT refused"}`,
    `to three brokers beside them: up ${seconds(move.upMs)}, back-up ${seconds(move.backupMs)}, restore ${seconds(move.restoreMs)} of ${move.rows} rows, ${move.missing} missing`,
    `a record takes ${Math.round(report.size.kafka)} bytes in Kafka, and ${report.size.clickhouse.toFixed(1)} in ClickHouse`,
    `${sent} records acknowledged, ${lost} lost, ${repeated} repeated`,
  ].join("\n");
}

import pc from "picocolors";
import { count } from "../amount";
import { alignTable } from "../table";
import type { Audit, StreamAudit } from "./audit";
import { isWhole } from "./audit";
import { findingsOf, producerFindings } from "./findings";
import { sumsOf } from "./sums";

/** The audit as a person reads it. */
export function renderAudit(stack: string, found: Audit, days: number, colors: boolean): string {
  const color = pc.createColors(colors);
  const gaps = [...found.streams.flatMap(findingsOf), ...producerFindings(found)];
  const head = found.complete ? color.green("complete") : color.red(count(gaps.length, "finding"));
  const rows = [...found.streams.flatMap((stream) => streamRows(stream, days)), producerRow(found)];
  return [
    `stack ${stack}: ${head}`,
    ...alignTable(rows),
    ...gaps.map((gap) => `${color.red("!!")}  ${gap}`),
  ].join("\n");
}

function streamRows(found: StreamAudit, days: number): string[][] {
  const { stream, rows } = found;
  const { stored, refused, withoutRow, expired, waiting, again } = sumsOf(found);
  const others = Object.entries(withoutRow).map(([fate, messages]) => `${messages} ${fate}`);
  const told = [
    `${count(stored, "message")} stored`,
    `${refused.toLocaleString("en-US")} refused`,
    ...others,
    ...(expired > 0 ? [`${expired} expired before they were read`] : []),
    ...(again > 0 ? [`${again} delivered again`] : []),
    `${waiting.toLocaleString("en-US")} waiting`,
  ];
  const hidden =
    rows.hiddenRepeats > 0 ? `, ${rows.hiddenRepeats} repeats that no reader sees` : "";
  const mark = isWhole(found) ? "ok" : "!!";
  return [
    [mark, `topic ${stream.topic}`, told.join(", ")],
    [
      rows.missingRows + rows.repeatedRows === 0 ? "ok" : "!!",
      `table ${stream.table}`,
      `${count(rows.keys, "key")} entered in ${count(days, "day")}, ${count(rows.rows, "row")} there${hidden}`,
    ],
  ];
}

function producerRow({ producer }: Audit): string[] {
  if (!producer.ok) return ["--", "producer", `not heard: ${producer.reason}`];
  const { recordsAcked, recordsFailed, recordsDropped, recordsQueued, startedAt } = producer.value;
  return [
    recordsDropped === 0 ? "ok" : "!!",
    "producer",
    `${count(recordsAcked, "record")} acknowledged since ${startedAt}, ${recordsFailed} failed, ${recordsDropped} dropped, ${recordsQueued} waiting`,
  ];
}

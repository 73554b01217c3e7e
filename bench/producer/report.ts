import { codecNames, type CodecName } from "../../pipeline/kafka/codec";
import { renderTable, times } from "../lib/format";
import { machineLine, type Machine } from "../lib/machine";
import { ratio, spread } from "../lib/statistics";
import type { Outcome } from "./child";

/** One measurement of one contestant. */
export interface Sample extends Outcome {
  name: string;
  codec: CodecName;
}

export interface Line {
  name: string;
  codec: CodecName;
  perSecond: number;
  /** Processor time of the client, in seconds for a million records. */
  cpuPerMillion: number;
  rssMb: number;
}

export interface Report {
  machine: Machine;
  lines: Line[];
  ratios: {
    name: string;
    codec: CodecName;
    value: number | undefined;
    wanted: number;
    met: boolean;
  }[];
}

/** The medians of all rounds, and how ours compares with the others. */
export function reportOf(machine: Machine, samples: readonly Sample[]): Report {
  const keys = [...new Set(samples.map(({ name, codec }) => `${codec}/${name}`))];
  const lines = keys.map((key): Line => {
    const own = samples.filter(({ name, codec }) => `${codec}/${name}` === key);
    const [{ name, codec } = { name: "", codec: "none" as const }] = own;
    return {
      name,
      codec,
      perSecond: spread(own.map(({ records, seconds }) => records / seconds)).median,
      cpuPerMillion: spread(own.map((s) => (s.cpuSeconds / s.records) * 1e6)).median,
      rssMb: spread(own.map(({ rssMb }) => rssMb)).median,
    };
  });
  return { machine, lines, ratios: ratiosOf(lines) };
}

function ratiosOf(lines: readonly Line[]): Report["ratios"] {
  const rate = (name: string, codec: CodecName) =>
    lines.find((line) => line.name === name && line.codec === codec)?.perSecond ?? NaN;
  const compared = (
    name: string,
    codec: CodecName,
    value: number,
    base: number,
    wanted: number,
  ) => {
    const times = ratio(value, base);
    return { name, codec, value: times, wanted, met: (times ?? 0) >= wanted };
  };
  return [
    compared(
      "ours / kafka-python tuned",
      "gzip",
      rate("ours", "gzip"),
      rate("kafka-python, tuned", "gzip"),
      6,
    ),
    ...codecNames.map((codec) =>
      compared(
        "ours / kafkajs",
        codec,
        rate("ours", codec),
        rate("kafkajs, batches of 1,000", codec),
        1,
      ),
    ),
    ...codecNames.map((codec) =>
      compared(
        "file backfill / kafkajs",
        codec,
        rate("ours, file backfill", codec),
        rate("kafkajs, batches of 1,000", codec),
        1.3,
      ),
    ),
  ];
}

export function renderReport({ machine, lines, ratios }: Report): string {
  const table = renderTable(
    ["", "compression", "records/s", "CPU s per million", "peak memory"],
    lines.map(({ name, codec, perSecond, cpuPerMillion, rssMb }) => [
      name,
      codec,
      Math.round(perSecond).toLocaleString("en"),
      cpuPerMillion.toFixed(1),
      `${Math.round(rssMb)} MB`,
    ]),
    [2, 3, 4],
  );
  const comparison = renderTable(
    ["", "compression", "ratio", "at least", ""],
    ratios.map(({ name, codec, value, wanted, met }) => [
      name,
      codec,
      times(value),
      times(wanted),
      met ? "met" : "missed",
    ]),
    [2, 3],
  );
  return `${machineLine(machine)}\n\n${table}\n\n${comparison}`;
}

import type { Logger } from "pino";
import { PipelineError } from "../errors";
import { encoderOf } from "../format/format";
import { BatchClient } from "../kafka/client";
import { KafkaCluster } from "../kafka/cluster";
import { loadCodec } from "../kafka/codec";
import { remembering } from "../kafka/partitioner";
import { Writer } from "../kafka/writer";
import type { KafkaOptions } from "../kafka-options";
import { keyOf, type Row, type Table } from "../table";
import { chunksOf, type Line } from "./lines";
import { csvRows, jsonRows, type RowReader } from "./rows";

/** Faults that are told in full; the others are only counted. */
const TOLD_FAULTS = 10;
const RETRIES = 10;

export interface PartArgs {
  file: string;
  table: Table;
  topic: string;
  kafka: KafkaOptions;
  /** This part's place among all of them, from 0: it takes each partition whose number leaves that remainder. */
  part: number;
  parts: number;
}

/** How far a part is, or how far it came. */
export interface PartResult {
  /** Lines of the file that were looked at, those of other parts among them. */
  lines: number;
  bytes: number;
  acked: number;
  failed: number;
  invalid: number;
  /** The first faults, each with its line's number. */
  faults: string[];
  /** First and last offset, and records, of each partition. */
  partitions: Record<number, { records: number; first: string; last: string }>;
  /** Why it stopped before the file's end. */
  error?: string;
}

/** Sends the rows of a file that belong to some of the partitions, in the file's order. */
export async function backfillPart(
  args: PartArgs,
  log: Logger,
  onProgress: (result: PartResult) => void,
): Promise<PartResult> {
  const { file, table, topic, kafka, part, parts } = args;
  const result: PartResult = {
    lines: 0,
    bytes: 0,
    acked: 0,
    failed: 0,
    invalid: 0,
    faults: [],
    partitions: {},
  };
  const cluster = new KafkaCluster(kafka.cluster, log);
  const perMessage = new Map<number, number[]>();
  const client = new BatchClient(cluster, await loadCodec(kafka.compression), {
    maxInFlight: kafka.maxInFlight,
    retries: RETRIES,
    onReport: (report) => {
      writer.reported(report);
      const { partition, error, baseOffset = -1n } = report;
      const packed = perMessage.get(partition)?.splice(0, report.records);
      const records = packed ? packed.reduce((sum, count) => sum + count, 0) : report.records;
      if (error) {
        result.failed += records;
        result.error ??= error.message;
        return;
      }
      result.acked += records;
      const seen = (result.partitions[partition] ??= {
        records: 0,
        first: String(baseOffset),
        last: "",
      });
      seen.records += records;
      seen.last = String(baseOffset + BigInt(report.records - 1));
    },
    onTrouble: ({ code, message }, failures, retryInMs) =>
      log.warn({ topic, code, failures, retryInMs }, `waiting for Kafka: ${message}`),
  });
  const writer = new Writer(client, kafka);
  try {
    const partitions = (await cluster.leaders(topic)).length;
    const choose = remembering(kafka.partitioner, partitions);
    const reader = readerOf(file, table);
    const isMine = (key: string): boolean => choose(key) % parts === part;
    const sink = sinkOf(args, writer, choose, perMessage);
    let isHeader = isCsv(file);
    for (const lines of chunksOf(file)) {
      for (const line of lines) {
        result.lines++;
        result.bytes += line.end - line.start + 1;
        if (isHeader) {
          isHeader = false;
          continue;
        }
        if (line.end === line.start) continue;
        const guess = parts === 1 ? undefined : reader.keyOf(line);
        // A line whose key cannot be guessed is read by every part, and told by the first.
        if (guess !== undefined && !isMine(guess)) continue;
        const { row, fault } = reader.read(line);
        const key = row ? keyOf(table, row) : "";
        const isTwofold = row !== undefined && guess !== undefined && guess !== key;
        if (!row || isTwofold) {
          if (guess === undefined && part > 0) continue;
          result.invalid++;
          if (result.faults.length < TOLD_FAULTS)
            result.faults.push(`line ${result.lines}: ${fault ?? `${table.key}: is there twice`}`);
          continue;
        }
        if (guess === undefined && parts > 1 && !isMine(key)) continue;
        const room = sink.write(key, row, line);
        if (room) await room;
        if (result.error !== undefined) break;
      }
      if (result.error !== undefined) break;
      onProgress(result);
      // Lets answers in, and what waits for them go on.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await sink.end();
    await writer.flush();
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    result.error = error.message;
  } finally {
    writer.stop();
    cluster.close();
  }
  return result;
}

export function isCsv(file: string): boolean {
  return /\.csv$/i.test(file);
}

/** How the rows of that file are read. */
export function readerOf(file: string, table: Table): RowReader {
  if (!isCsv(file)) return jsonRows(table);
  for (const [first] of chunksOf(file))
    if (first) return csvRows(table, first.buffer.toString("utf8", first.start, first.end));
  return csvRows(table, "");
}

/** Makes messages of rows and writes them. A line that is a message as it stands is sent as it stands. */
function sinkOf(
  { file, table, topic, kafka }: PartArgs,
  writer: Writer,
  choose: (key: string) => number,
  perMessage: Map<number, number[]>,
) {
  const { format, recordsPerMessage } = kafka;
  const encode = encoderOf(format, table);
  const isVerbatim = format === "JSONEachRow" && !isCsv(file);
  const open = new Map<number, { key: string; rows: Row[] }>();
  const close = (partition: number, { key, rows }: { key: string; rows: Row[] }) => {
    open.delete(partition);
    const counts = perMessage.get(partition) ?? [];
    perMessage.set(partition, counts);
    counts.push(rows.length);
    return writer.write(topic, partition, key, encode(rows));
  };
  return {
    write(key: string, row: Row, line: Line): Promise<void> | undefined {
      const partition = choose(key);
      if (recordsPerMessage === 1) {
        const value = isVerbatim ? line.buffer.subarray(line.start, line.end) : encode([row]);
        return writer.write(topic, partition, key, value);
      }
      const message = open.get(partition) ?? { key, rows: [] };
      open.set(partition, message);
      message.rows.push(row);
      return message.rows.length < recordsPerMessage ? undefined : close(partition, message);
    },
    async end(): Promise<void> {
      for (const [partition, message] of open) await close(partition, message);
    },
  };
}

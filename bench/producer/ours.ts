import { backfill } from "../../pipeline/backfill/backfill";
import { encoderOf } from "../../pipeline/format/format";
import { BatchClient } from "../../pipeline/kafka/client";
import { KafkaCluster } from "../../pipeline/kafka/cluster";
import { loadCodec } from "../../pipeline/kafka/codec";
import { remembering } from "../../pipeline/kafka/partitioner";
import { Writer } from "../../pipeline/kafka/writer";
import type { KafkaOptions } from "../../pipeline/kafka-options";
import { createLog } from "../../pipeline/log";
import { topGames, type TopGameRecord } from "../../pipeline/record";
import type { Table } from "../../pipeline/table";
import type { Outcome, Task } from "./child";

const WARM = 20_000;
/** Records after which answers are let in. */
const TURN = 2_000;
const BATCH_BYTES = 262_144;

/** The producer's own client, with its defaults. */
export async function sendOurs(
  { brokers, topic, codec }: Task,
  records: readonly TopGameRecord[],
  measure: (work: () => Promise<number>) => Promise<Outcome>,
): Promise<Outcome> {
  const log = createLog("warn", "json", (line) => process.stderr.write(line));
  const cluster = new KafkaCluster({ brokers: [brokers], clientId: "bench" }, log);
  let acked = 0;
  const client = new BatchClient(cluster, await loadCodec(codec), {
    onReport: (report) => {
      writer.reported(report);
      if (report.error) throw report.error;
      acked += report.records;
    },
  });
  const writer = new Writer(client, { batchBytes: BATCH_BYTES });
  const choose = remembering("murmur2", (await cluster.leaders(topic)).length);
  const encode = encoderOf("JSONEachRow", topGames);
  const send = async (some: readonly TopGameRecord[]): Promise<number> => {
    acked = 0;
    for (let index = 0; index < some.length; index++) {
      const record = some[index];
      if (!record) break;
      const key = String(record.game_id);
      const room = writer.write(topic, choose(key), key, encode([record]));
      if (room) await room;
      else if (index % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await writer.flush();
    return acked;
  };
  await send(records.slice(0, WARM));
  const outcome = await measure(() => send(records));
  writer.stop();
  cluster.close();
  return outcome;
}

/** A file of rows, by threads that own partitions. Starting the threads is part of what is measured. */
export async function backfillFile(task: Task, table: Table): Promise<number> {
  const { brokers, topic, codec, file, workers, recordsPerMessage } = task;
  const kafka: KafkaOptions = {
    cluster: { brokers: [brokers], clientId: "bench" },
    format: "JSONEachRow",
    recordsPerMessage,
    partitioner: "murmur2",
    compression: codec,
    batchBytes: BATCH_BYTES,
    lingerMs: 100,
    bufferBytes: 67_108_864,
    maxInFlight: 5,
  };
  const log = createLog("warn", "json", (line) => process.stderr.write(line));
  const { acked, error } = await backfill({ file, table, topic, kafka, workers }, log);
  if (error !== undefined) throw new Error(error);
  return acked;
}

import { runLane } from "../../pipeline/delivery/lane";
import { outletFactory } from "../../pipeline/delivery/outlets";
import { encoderOf } from "../../pipeline/format/format";
import { clusterOptions, type KafkaAccess } from "../../pipeline/kafka/access";
import { remembering } from "../../pipeline/kafka/partitioner";
import { createLog } from "../../pipeline/log";
import { topGames } from "../../pipeline/record";
import { Spool } from "../../pipeline/spool/spool";
import { Status } from "../../pipeline/status";
import { recordsOf } from "./records";

/** What the load is told, as JSON in its only argument. */
export interface LoadTask {
  kafka: KafkaAccess;
  topic: string;
  spoolDirectory: string;
  baseSeconds: number;
  /** Number of the first snapshot. */
  from: number;
  everyMs: number;
}

/** What it tells, a line each: the number of a snapshot, or what went wrong. */
export type LoadLine =
  { beginning: number } | { kept: number } | { delivered: number } | { fault: string };

const SOURCE = "chaos";
const say = (line: LoadLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** The producer's own way from a snapshot to Kafka, spool included, with snapshots that are known by number. */
async function main(task: LoadTask): Promise<void> {
  const { kafka, topic, baseSeconds, everyMs } = task;
  const log = createLog("info", "json", (line) => {
    const { msg, fetchTime, failed } = JSON.parse(line) as Record<string, unknown>;
    if (msg !== "delivered") return;
    const number = Date.parse(`${String(fetchTime).replace(" ", "T")}Z`) / 1000 - baseSeconds;
    say(Number(failed) > 0 ? { fault: `${String(failed)} of ${number}` } : { delivered: number });
  });
  const spool = new Spool({
    directory: task.spoolDirectory,
    maxBytes: 512 * 1024 * 1024,
    onDrop: ({ id }) => say({ fault: `dropped ${id}` }),
    onFault: (error) => say({ fault: error.message }),
  });
  await spool.open();
  const outletOf = outletFactory(
    {
      cluster: { ...clusterOptions(kafka), clientId: SOURCE, requestTimeoutMs: 10_000 },
      format: "JSONEachRow",
      recordsPerMessage: 1,
      partitioner: "murmur2",
      compression: "none",
      batchBytes: 262_144,
      lingerMs: 100,
      bufferBytes: 67_108_864,
      maxInFlight: 5,
    },
    log,
  );
  const lane = runLane(
    {
      source: { name: SOURCE, table: topGames },
      spool,
      outlet: await outletOf(topic, () => undefined),
      encode: encoderOf("JSONEachRow", topGames),
      recordsPerMessage: 1,
      partitioner: (partitions) => remembering("murmur2", partitions),
      status: new Status("simulated", SOURCE, spool),
      log,
    },
    new AbortController().signal,
  );
  let stopped = false;
  process.once("SIGTERM", () => (stopped = true));
  const since = Date.now();
  for (let number = task.from; !stopped; number++) {
    const records = recordsOf(number, baseSeconds);
    const fetchTime = records[0]?.fetch_time ?? "";
    say({ beginning: number });
    await spool.put({ source: SOURCE, topic, fetchTime, records, problems: [] });
    say({ kept: number });
    // A machine that was held up makes up for it.
    const due = since + (number + 1 - task.from) * everyMs;
    await new Promise((resolve) => setTimeout(resolve, Math.max(1, due - Date.now())));
  }
  spool.close();
  await lane;
  process.exit(0);
}

void main(JSON.parse(process.argv[2] ?? "") as LoadTask);

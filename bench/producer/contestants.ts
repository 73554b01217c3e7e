import { execFile } from "node:child_process";
import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Kafka, logLevel } from "kafkajs";
import { cachePlace, once } from "../../tools/setup/cache";
import { snapshotAt } from "../../pipeline/simulator/snapshot";
import { formatFetchTime, type TopGameRecord } from "../../pipeline/record";
import type { Outcome, Task } from "./child";

const run = promisify(execFile);
/** The newest release that takes every option of the guide. */
const KAFKA_PYTHON = "2.2.15";
const MINUTE_MS = 60_000;
const PARTITIONS = 3;

/** Sends with kafka-python, in a process of its own. */
export async function runPython(
  mode: "guide" | "tuned",
  task: Pick<Task, "brokers" | "topic" | "file" | "count">,
): Promise<Outcome> {
  const python = join(cachePlace("kafka-python", KAFKA_PYTHON), "bin", "python");
  const { brokers, topic, file, count } = task;
  const script = join(__dirname, "kafka_python.py");
  const { stdout } = await run(python, [script, mode, brokers, topic, file, String(count)]);
  return JSON.parse(stdout) as Outcome;
}

/** Sends with a client of JavaScript, in a process of its own. */
export async function runNode(task: Task): Promise<Outcome> {
  const args = ["--require", "tsx/cjs", join(__dirname, "child.ts"), JSON.stringify(task)];
  const { stdout } = await run(process.execPath, args, { cwd: join(__dirname, "../..") });
  return JSON.parse(stdout) as Outcome;
}

/** Installs kafka-python into the cache, where it is not there yet. */
export async function installKafkaPython(): Promise<void> {
  await once("kafka-python", KAFKA_PYTHON, async (directory) => {
    await run("python3", ["-m", "venv", directory]);
    const pip = join(directory, "bin", "pip");
    await run(pip, ["install", "--quiet", `kafka-python==${KAFKA_PYTHON}`]);
  });
}

/** Writes the rankings of so many minutes, as the simulated Steam has them, as JSON lines. */
export function writeRecords(file: string, count: number): void {
  if (existsSync(file)) return;
  const out = openSync(file, "w");
  const start = Date.UTC(2026, 0, 1);
  for (let written = 0, minute = 0; written < count; minute++) {
    const time = new Date(start + minute * MINUTE_MS);
    const lines = snapshotAt(time, 1)
      .slice(0, count - written)
      .map(({ game, rank, currentPlayers, peakToday }) => {
        const record: TopGameRecord = {
          game_id: game.appid,
          game_name: game.name,
          current_players: currentPlayers,
          peak_today: peakToday,
          rank,
          fetch_time: formatFetchTime(time),
        };
        return `${JSON.stringify(record)}\n`;
      });
    writeSync(out, lines.join(""));
    written += lines.length;
  }
  closeSync(out);
}

/** Topics that come and go, so that the disk does not fill. */
export class Topics {
  private readonly kafka: Kafka;
  private made = 0;

  constructor(brokers: string) {
    this.kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  }

  /** Runs `work` with a topic of its own, and gives how many messages are in it afterwards as well. */
  async with<T>(work: (topic: string) => Promise<T>): Promise<{ result: T; messages: number }> {
    const topic = `bench-${process.pid}-${++this.made}`;
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      await admin.createTopics({
        topics: [{ topic, numPartitions: PARTITIONS }],
        waitForLeaders: true,
      });
      const result = await work(topic);
      const offsets = await admin.fetchTopicOffsets(topic);
      const messages = offsets.reduce((sum, { high }) => sum + Number(high), 0);
      return { result, messages };
    } finally {
      await admin.deleteTopics({ topics: [topic] }).catch(() => undefined);
      await admin.disconnect();
    }
  }
}

import { readFileSync } from "node:fs";
import { codecNames, type CodecName } from "../../pipeline/kafka/codec";
import { topGames, type TopGameRecord } from "../../pipeline/record";
import { sendPlainly } from "./kafkajs-plain";
import { backfillFile, sendOurs } from "./ours";

/** What one contestant is told. */
export interface Task {
  who: "kafkajs" | "ours" | "backfill";
  brokers: string;
  topic: string;
  codec: CodecName;
  /** JSON lines. */
  file: string;
  count: number;
  workers: number;
  recordsPerMessage: number;
}

/** What a contestant did. */
export interface Outcome {
  seconds: number;
  cpuSeconds: number;
  records: number;
  rssMb: number;
}

/** Runs one contestant in a process of its own, so that neither memory nor compiled code is shared. */
async function main(): Promise<void> {
  const task = JSON.parse(process.argv[2] ?? "{}") as Task;
  if (!codecNames.includes(task.codec)) throw new Error(`no codec ${task.codec}`);
  const measure = async (work: () => Promise<number>): Promise<Outcome> => {
    const cpu = process.cpuUsage();
    const started = performance.now();
    const records = await work();
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const rssMb = process.resourceUsage().maxRSS / 1024;
    return { seconds, cpuSeconds: (user + system) / 1e6, records, rssMb };
  };
  const outcome =
    task.who === "backfill"
      ? await measure(() => backfillFile(task, topGames))
      : await (task.who === "ours" ? sendOurs : sendPlainly)(task, recordsOf(task), measure);
  process.stdout.write(JSON.stringify(outcome));
}

function recordsOf({ file, count }: Task): TopGameRecord[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.slice(0, count).map((line) => JSON.parse(line) as TopGameRecord);
}

void main().then(() => process.exit(0));

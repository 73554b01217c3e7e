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
  /** At most. */
  rssMb: number;
  /** At most in the first quarter of the time, where this was looked at. */
  firstRssMb?: number;
}

const SAMPLE_MS = 100;

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
      ? await watched(() => measure(() => backfillFile(task, topGames)))
      : await (task.who === "ours" ? sendOurs : sendPlainly)(task, recordsOf(task), measure);
  process.stdout.write(JSON.stringify(outcome));
}

/** Looks at the memory meanwhile: what grows with the file shows as more in the end than in the beginning. */
async function watched(work: () => Promise<Outcome>): Promise<Outcome> {
  const samples: number[] = [];
  const look = () => samples.push(process.memoryUsage.rss() / 2 ** 20);
  const timer = setInterval(look, SAMPLE_MS);
  const outcome = await work();
  clearInterval(timer);
  const first = samples.slice(0, Math.ceil(samples.length / 4));
  return { ...outcome, firstRssMb: Math.max(...first) };
}

function recordsOf({ file, count }: Task): TopGameRecord[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.slice(0, count).map((line) => JSON.parse(line) as TopGameRecord);
}

void main().then(() => process.exit(0));

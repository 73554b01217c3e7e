import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codecNames, type CodecName } from "../../pipeline/kafka/codec";
import { startBroker } from "../../tests/image/broker";
import { createProgress } from "../../tools/lib/progress";
import { exitCodes } from "../../tools/lib/user-error";
import { describeMachine } from "../lib/machine";
import { readBenchOptions } from "../lib/options";
import { installKafkaPython, runNode, runPython, Topics, writeRecords } from "./contestants";
import type { Task } from "./child";
import { endToEnd } from "./end-to-end";
import { renderReport, reportOf, type Sample } from "./report";

const RECORDS = 300_000;
const BACKFILL = 1_500_000;
/** Waiting for each record takes a minute for what the others do in a second. */
const GUIDE_SHARE = 100;

/**
 * Sends the same records with kafka-python as the guide writes it and as it tunes it, with kafkajs in awaited
 * batches of 1,000 and with the producer's own client, each round to one broker; then a file by threads.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const { json, rounds, more } = readBenchOptions(
    argv,
    { rounds: 3 },
    {
      records: {
        type: "string",
        value: "N",
        description: `records a client sends; by default ${RECORDS}`,
      },
      rows: { type: "string", value: "N", description: `rows of the file; by default ${BACKFILL}` },
      workers: { type: "string", value: "N", description: "threads of the backfill; by default 2" },
      "end-to-end": {
        type: "string",
        value: "N",
        description: "only send a file of N rows into MergeTree, and compare the counts",
      },
      "per-message": {
        type: "string",
        value: "N",
        description: "rows that share a message on the way to MergeTree; by default 1",
      },
    },
  );
  const progress = createProgress();
  const directory = mkdtempSync(join(tmpdir(), "steamline-bench-"));
  try {
    const rows = more.count("end-to-end", 0, 0);
    if (rows > 0) {
      const perMessage = more.count("per-message", 1);
      const done = await endToEnd({ rows, perMessage }, directory, progress);
      process.stdout.write(json ? `${JSON.stringify(done, null, 2)}\n` : done.text);
      return done.agrees && done.isFlat ? exitCodes.ok : exitCodes.failure;
    }
    const samples = await measure({
      directory,
      rounds,
      records: more.count("records", RECORDS),
      rows: more.count("rows", BACKFILL),
      workers: more.count("workers", 2),
      step: (title, work) => progress.step(title, work),
    });
    const report = reportOf(describeMachine(), samples);
    process.stdout.write(`${json ? JSON.stringify(report, null, 2) : renderReport(report)}\n`);
    return report.ratios.every(({ met }) => met) ? exitCodes.ok : exitCodes.failure;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface MeasureArgs {
  directory: string;
  rounds: number;
  records: number;
  rows: number;
  workers: number;
  step: <T>(title: string, work: () => Promise<T>) => Promise<T>;
}

async function measure(args: MeasureArgs): Promise<Sample[]> {
  const { directory, rounds, records, rows, workers, step } = args;
  await step("kafka-python", installKafkaPython);
  const file = join(directory, "rows.jsonl");
  await step("records", async () => writeRecords(file, Math.max(records, rows)));
  const broker = await step("broker", () => startBroker(join(directory, "kafka")));
  const topics = new Topics(broker.address);
  const samples: Sample[] = [];
  const take = async (
    name: string,
    codec: CodecName,
    work: (task: Omit<Task, "who">) => Promise<Omit<Sample, "name" | "codec">>,
  ): Promise<void> => {
    const { result } = await topics.with((topic) =>
      work({
        brokers: broker.address,
        topic,
        codec,
        file,
        count: records,
        workers,
        recordsPerMessage: 1,
      }),
    );
    samples.push({ ...result, name, codec });
  };
  try {
    for (let round = 1; round <= rounds; round++)
      await step(`round ${round} of ${rounds}`, async () => {
        await take("kafka-python, as the guide", "none", (task) =>
          runPython("guide", { ...task, count: Math.ceil(records / GUIDE_SHARE) }),
        );
        await take("kafka-python, tuned", "gzip", (task) => runPython("tuned", task));
        for (const codec of codecNames) {
          await take("kafkajs, batches of 1,000", codec, (task) =>
            runNode({ ...task, who: "kafkajs" }),
          );
          await take("ours", codec, (task) => runNode({ ...task, who: "ours" }));
          await take("ours, file backfill", codec, (task) => runNode({ ...task, who: "backfill" }));
        }
        await take("ours, file backfill, 100 a message", "lz4", (task) =>
          runNode({ ...task, who: "backfill", recordsPerMessage: 100 }),
        );
      });
  } finally {
    await broker.close();
  }
  return samples;
}

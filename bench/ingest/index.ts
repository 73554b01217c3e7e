import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startStand, type Stand } from "../../tests/image/stand";
import { createProgress } from "../../tools/lib/progress";
import { exitCodes } from "../../tools/lib/user-error";
import { describeMachine } from "../lib/machine";
import { readBenchOptions } from "../lib/options";
import { Topics } from "../producer/contestants";
import { fill, writeBacklog } from "./backlog";
import { contestants, type Contestant } from "./contestants";
import { drain } from "./drain";
import { latency } from "./latency";
import { isMet, renderReport, reportOf, type Sample } from "./report";

const ROWS = 5_000_000;
const PACK = 100;
const PER_SECOND = 1_000;
const LATENCY_SECONDS = 30;

interface Sizes {
  rows: number;
  perSecond: number;
  seconds: number;
}

/**
 * How fast ClickHouse drains a backlog and how soon a record can be queried: by the stack's own tables, by the
 * guide's, and by the guide's with the stack's flush interval and none of what makes the stack's safe; all on one
 * broker and engine.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const { json, rounds, more } = readBenchOptions(
    argv,
    { rounds: 1 },
    {
      rows: { type: "string", value: "N", description: `of the backlog; by default ${ROWS}` },
      rate: {
        type: "string",
        value: "N",
        description: `messages a second, for the latency; by default ${PER_SECOND}`,
      },
      seconds: {
        type: "string",
        value: "N",
        description: `that latency is measured for; by default ${LATENCY_SECONDS}`,
      },
    },
  );
  const sizes = {
    rows: more.count("rows", ROWS),
    perSecond: more.count("rate", PER_SECOND),
    seconds: more.count("seconds", LATENCY_SECONDS),
  };
  const progress = createProgress();
  const directory = mkdtempSync(join(tmpdir(), "steamline-ingest-"));
  const stand = await progress.step("broker and engine", startStand);
  try {
    const samples = await measure(
      stand,
      join(directory, "rows.jsonl"),
      rounds,
      sizes,
      (title, work) => progress.step(title, work),
    );
    const report = reportOf(describeMachine(), sizes.rows, sizes.perSecond, samples);
    process.stdout.write(`${json ? JSON.stringify(report, null, 2) : renderReport(report)}\n`);
    return isMet(report) ? exitCodes.ok : exitCodes.failure;
  } finally {
    await stand.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(
  stand: Stand,
  file: string,
  rounds: number,
  { rows, ...rate }: Sizes,
  step: <T>(title: string, work: () => Promise<T>) => Promise<T>,
): Promise<Sample[]> {
  const { brokers } = stand;
  const topics = new Topics(brokers);
  // The other topic of the stack, which its tables read as well.
  await stand.createTopic("details", 3);
  await step("records", async () => writeBacklog(file, rows));
  const { result } = await topics.with((single) =>
    topics.with(async (packed) => {
      await step("a row a message", () => fill(brokers, single, file, rows, 1));
      await step(`${PACK} rows a message`, () => fill(brokers, packed, file, rows, PACK));
      const samples: Sample[] = [];
      const sample = async (one: Contestant): Promise<Sample> => ({
        name: one.name,
        single: await step("drain", () => drain(stand, one, single, rows)),
        packed: await step("drain, packed", () => drain(stand, one, packed, rows)),
        latency: await step("latency", async () => {
          const { result: found } = await topics.with((topic) => latency(stand, one, topic, rate));
          return found;
        }),
      });
      for (let round = 1; round <= rounds; round++)
        for (const one of contestants)
          samples.push(await step(`${one.name}, round ${round} of ${rounds}`, () => sample(one)));
      return samples;
    }),
  );
  return result.result;
}

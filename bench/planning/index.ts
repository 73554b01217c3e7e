import { createProgress } from "../../tools/lib/progress";
import { exitCodes } from "../../tools/lib/user-error";
import { startStand } from "../../tests/image/stand";
import { Deployment, type Files } from "../lib/deployment";
import { renderTable, seconds, secondsOf } from "../lib/format";
import { describeMachine, machineLine } from "../lib/machine";
import { readBenchOptions } from "../lib/options";
import { spread, type Spread } from "../lib/statistics";
import { changedSchema, schemaOf } from "./schema";

const DEFAULT_OBJECTS = 200;
/** What planning may add to Pulumi's own time for that many objects. */
const TARGET_MS = 2_000;

const steps = {
  unchanged: "nothing changes",
  changed: "every object changes",
  read: "  files never seen before read, and validated by the engine",
  planned: "  planned",
} as const;
type Step = keyof typeof steps;

/**
 * Times what a preview adds to Pulumi's own work for a warehouse of many objects, all of which stand in a real
 * engine: reading and validating the files, and planning.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const { json, rounds, more } = readBenchOptions(
    argv,
    { rounds: 3 },
    {
      objects: { type: "string", value: "N", description: `by default ${DEFAULT_OBJECTS}` },
    },
  );
  const objects = more.count("objects", DEFAULT_OBJECTS);
  const progress = createProgress();
  const stand = await progress.step("a broker and an engine", () => startStand());
  try {
    const deployment = new Deployment(stand.connection);
    const times: Record<Step, number[]> = { unchanged: [], changed: [], read: [], planned: [] };
    for (let round = 1; round <= rounds; round++) {
      const files = schemaOf(objects, stand.brokers, `round ${round} of ${Date.now()}`);
      await progress.step(`round ${round} of ${rounds}: ${objects} objects are made`, () =>
        deployment.up(files),
      );
      const none = await preview(deployment, files);
      const all = await preview(deployment, changedSchema(files));
      if (none.planned !== 0 || all.planned !== objects)
        throw new Error(`${none.planned} and ${all.planned} of ${objects} objects were planned`);
      times.unchanged.push(none.readMs + none.planMs);
      times.changed.push(all.readMs + all.planMs);
      times.read.push(all.readMs);
      times.planned.push(all.planMs);
    }
    const result = Object.fromEntries(
      Object.entries(times).map(([step, list]) => [step, spread(list)]),
    ) as Record<Step, Spread>;
    const machine = describeMachine();
    const report = { machine, objects, rounds, targetMs: TARGET_MS, ...result };
    process.stdout.write(
      json
        ? `${JSON.stringify(report, null, 2)}\n`
        : `${machineLine(machine)}; ${objects} objects, median (least to most) of ${rounds}\n\n${table(result)}\n`,
    );
    return exitCodes.ok;
  } finally {
    await stand.close();
  }
}

async function preview(deployment: Deployment, files: Files) {
  const startedAt = performance.now();
  const wanted = deployment.read(files);
  const readAt = performance.now();
  const { words } = await deployment.forecast(wanted);
  return {
    planned: words.size,
    readMs: readAt - startedAt,
    planMs: performance.now() - readAt,
  };
}

function table(result: Record<Step, Spread>): string {
  const rows = Object.entries(steps).map(([step, title]) => {
    const taken = result[step as Step];
    return [title, secondsOf(taken), taken.median <= TARGET_MS ? "" : "missed"];
  });
  return renderTable(["a preview's planning", "takes", `at most ${seconds(TARGET_MS)}`], rows, [1]);
}

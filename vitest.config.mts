import { defineConfig } from "vitest/config";

/** Faults of the API, the broker and the producer, some of which take minutes of waiting. */
const FAULTS = [
  "tests/image/producer-{api-faults,broker-outages,broker-refusals,restarts}.test.ts",
];

/** They stand in for modules, or load Pulumi or the engine, which are made for one program a process. */
const OWN_PROCESS = [
  "tests/unit/infra/**/*.test.ts",
  "tests/unit/tools/lib/{backend,marker,protection,settings,stack-config}.test.ts",
];
/** Files that bring stacks up, which are too many for a machine side by side. */
const ONE_BY_ONE = { poolOptions: { forks: { singleFork: true } } };
const project = (name: string, timeoutMs: number, more = {}) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    ...more,
  },
});

/**
 * unit: pure code; files may share a process (--no-isolate), which halves the time.
 * unit-mocks: the same with mocks, of Pulumi's engine among others: a process for each file.
 * closure: dynamic providers serialized, loaded again and run.
 * sql: the files of sql/ on the embedded engine.
 * image: the door and the producer against a real engine and broker, in containers.
 * chaos: all of the pipeline while faults strike at random; the long form is `npm run test:chaos`.
 * faults: the producer while the API, the broker and itself fail, for minutes; run by name, not by `npm test`.
 * stacks: many stacks on one machine, a project made from this one, state elsewhere; minutes, run by name.
 * e2e: the whole stack, through the README's commands. Its files share one stack and run one by one.
 */
export default defineConfig({
  test: {
    // By itself vitest leaves a core free, which is half of a machine with two.
    maxWorkers: "100%",
    // Pulumi's SDK loads in half the time.
    poolOptions: { forks: { execArgv: ["--require", "./tools/lib/pulumi-node.cjs"] } },
    projects: [
      project("unit", 10_000, { exclude: OWN_PROCESS }),
      project("unit-mocks", 10_000, { include: OWN_PROCESS }),
      project("closure", 30_000),
      project("sql", 60_000),
      project("image", 180_000, { exclude: FAULTS }),
      project("chaos", 600_000),
      project("faults", 300_000, { include: FAULTS }),
      project("stacks", 600_000, ONE_BY_ONE),
      project("e2e", 900_000, { globalSetup: "tests/e2e/setup.ts", ...ONE_BY_ONE }),
    ],
  },
});

import { defineConfig } from "vitest/config";

/** Faults of the API, the broker and the producer, some of which take minutes of waiting. */
const FAULTS = [
  "tests/image/producer-{api-faults,broker-outages,broker-refusals,restarts}.test.ts",
];

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
 * unit: pure code and Pulumi mocks, seconds.
 * closure: dynamic providers serialized, loaded again and run.
 * sql: the files of sql/ on the embedded engine.
 * image: the door and the producer against a real engine and broker, in containers.
 * faults: the producer while the API, the broker and itself fail, for minutes; run by name, not by `npm test`.
 * e2e: the whole stack, through the README's commands. Its files share one stack and run one by one.
 */
export default defineConfig({
  test: {
    projects: [
      project("unit", 10_000),
      project("closure", 30_000),
      project("sql", 60_000),
      project("image", 180_000, { exclude: FAULTS }),
      project("faults", 300_000, { include: FAULTS }),
      project("e2e", 900_000, {
        globalSetup: "tests/e2e/setup.ts",
        poolOptions: { forks: { singleFork: true } },
      }),
    ],
  },
});

import { defineConfig } from "vitest/config";

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
 * e2e: the whole stack, through the README's commands. Its files share one stack and run one by one.
 */
export default defineConfig({
  test: {
    projects: [
      project("unit", 10_000),
      project("closure", 30_000),
      project("sql", 60_000),
      // A client that meets a broker in its first seconds may hang on it, for good: one more try tells a fault
      // of the code from one of that moment.
      project("image", 180_000, { retry: 1 }),
      project("e2e", 900_000, {
        globalSetup: "tests/e2e/setup.ts",
        poolOptions: { forks: { singleFork: true } },
      }),
    ],
  },
});

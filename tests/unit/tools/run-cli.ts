import { createRequire } from "node:module";
import { vi } from "vitest";

// Commands are loaded by `require`, so all of the CLI is, by the loader that the npm commands use.
const requireHere = createRequire(__filename);
requireHere("tsx/cjs");
const { main } = requireHere("../../../tools/cli") as typeof import("../../../tools/cli");

/** Runs a command line in this process, with what it prints kept. */
export async function run(...argv: string[]) {
  const printed = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    }),
  );
  try {
    return { code: await main(argv), ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

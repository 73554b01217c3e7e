import { createRequire } from "node:module";
import { join } from "node:path";
import type { Arguments } from "../lib/arguments";
import type { Command } from "../lib/command";
import { checkout } from "../lib/paths";

export const command: Command = {
  summary: "strikes faults at random while records flow, and checks that none is lost or repeated",
  usage: "[options]",
  notes:
    "Needs a Docker engine and no stack: it has containers of its own. 60 rounds take about half an hour.\nThe same seed strikes the same faults in the same order.",
  options: {
    rounds: { type: "string", value: "N", description: "faults that strike; by default 60" },
    seed: { type: "string", value: "N", description: "of the random choices; by default another" },
    fault: { type: "string", value: "TEXT", description: "only faults with this in their name" },
    rate: { type: "string", value: "N", description: "records a second; by default 2000" },
    short: { type: "boolean", description: "leave out faults that last 48 seconds" },
    json: { type: "boolean", description: "print one JSON object, with every round" },
  },
  passOn: false,
  run(args) {
    const suite = createRequire(__filename)(join(checkout, "tests", "chaos", "index.ts")) as {
      run(args: Arguments): Promise<number>;
    };
    return suite.run(args);
  },
};

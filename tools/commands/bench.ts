import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Command } from "../lib/command";
import { checkout } from "../lib/paths";
import { UserError } from "../lib/user-error";

/** What a directory of `bench/` exports. */
interface Measurement {
  /** Measures, prints, and gives the exit code. */
  run(argv: readonly string[]): Promise<number>;
}

const benchDir = join(checkout, "bench");

export const command: Command = {
  summary: "measures: npm run bench -- lifecycle [--json] [--rounds N]",
  usage: "NAME [its options]",
  options: {},
  passOn: true,
  async run({ rest: [name = "", ...rest] }) {
    const file = join(benchDir, name, "index.ts");
    if (!/^[\w-]+$/.test(name) || !existsSync(file)) {
      throw new UserError(
        "USAGE",
        name === "" ? "name what to measure" : `there is no measurement ${name}`,
        {
          where: "bench/",
          fix: `use one of ${names().join(", ")}`,
        },
      );
    }
    const measurement = createRequire(__filename)(file) as Measurement;
    return measurement.run(rest);
  },
};

function names(): string[] {
  return readdirSync(benchDir).filter((name) => existsSync(join(benchDir, name, "index.ts")));
}

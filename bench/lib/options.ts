import { readArguments, type Arguments, type Options } from "../../tools/lib/arguments";

export interface BenchOptions {
  /** One JSON object instead of tables. */
  json: boolean;
  /** How often each thing is measured. */
  rounds: number;
  /** The measurement's own options. */
  more: Arguments;
}

/**
 * Options that every measurement has, and those of its own.
 * @throws UserError (USAGE) for anything unknown.
 */
export function readBenchOptions(
  argv: readonly string[],
  defaults: { rounds: number },
  own: Options = {},
): BenchOptions {
  const more = readArguments(
    argv,
    {
      json: { type: "boolean", description: "print one JSON object" },
      rounds: { type: "string", value: "N", description: "how often each thing is measured" },
      ...own,
    },
    false,
  );
  return { json: more.flag("json"), rounds: more.count("rounds", defaults.rounds), more };
}

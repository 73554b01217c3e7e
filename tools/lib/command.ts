import type { Arguments, Options } from "./arguments";

/** One command a person runs. */
export interface Command {
  /** One line for the list of commands. */
  summary: string;
  /** What follows the command's name in the usage line. */
  usage: string;
  /** Anything else worth telling in --help. */
  notes?: string;
  options: Options;
  /** Whether options it does not know are handed on to the program that it calls. */
  passOn: boolean;
  /** Does it, and gives the exit code. */
  run(args: Arguments): Promise<number>;
}

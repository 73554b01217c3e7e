/** What the arguments of a plain Pulumi call mean for the config file it is given. */
export interface PulumiCall {
  /** The words before the first option, as `["config", "set"]`. */
  words: string[];
  /** Where in the arguments each of those words stands. */
  places: number[];
  stack: string | undefined;
  /** Whether the command reads or writes a stack's config file. */
  takesConfigFile: boolean;
  /** Whether it runs the program, which needs images and the Docker engine. */
  runsProgram: boolean;
  /** Whether it writes to the config file. */
  writesConfig: boolean;
}

const PROGRAM = new Set([
  "up",
  "update",
  "preview",
  "pre",
  "refresh",
  "destroy",
  "down",
  "dn",
  "watch",
  "import",
]);
const CONFIG_FILE = new Set([...PROGRAM, "config", "cfg", "logs", "log"]);
const CONFIG_WRITES = new Set(["set", "set-all", "rm", "remove", "rm-all", "cp", "refresh"]);
/** Options that take a value in the next word, among those that may come before the command. */
const WITH_VALUE = new Set([
  "-s",
  "--stack",
  "-C",
  "--cwd",
  "--color",
  "-v",
  "--verbose",
  "--tracing",
  "--profiling",
]);

export function readPulumiCall(argv: readonly string[]): PulumiCall {
  const words: string[] = [];
  const places: number[] = [];
  let stack: string | undefined;
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? "";
    if (argument === "--") break;
    const inline = /^(?:--stack|-s)=(.*)$/.exec(argument);
    if (inline) stack = inline[1];
    else if (argument === "--stack" || argument === "-s") stack = argv[i + 1];
    if (WITH_VALUE.has(argument)) i++;
    else if (!argument.startsWith("-") && words.length < 2) {
      words.push(argument);
      places.push(i);
    }
  }
  const [first = "", second = ""] = words;
  const own = argv.some((argument) => /^--config-file(=|$)/.test(argument));
  const help = argv.some((argument) => argument === "--help" || argument === "-h");
  return {
    words,
    places,
    stack,
    takesConfigFile: CONFIG_FILE.has(first) && !own && !help,
    runsProgram: PROGRAM.has(first) && !help,
    writesConfig: (first === "config" || first === "cfg") && CONFIG_WRITES.has(second),
  };
}

/** `argv` with the config file named behind the command's words, before any `--`. */
export function withConfigFile(
  argv: readonly string[],
  { words, places }: Pick<PulumiCall, "words" | "places">,
  file: string,
): string[] {
  const depth = words[0] === "config" || words[0] === "cfg" ? 2 : 1;
  const at = (places.slice(0, depth).at(-1) ?? -1) + 1;
  return [...argv.slice(0, at), "--config-file", file, ...argv.slice(at)];
}

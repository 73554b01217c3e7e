import { createRequire } from "node:module";
import { describeOptions, readArguments } from "./lib/arguments";
import type { Command } from "./lib/command";
import { exitCodeOf, exitCodes, renderError, UserError } from "./lib/user-error";

const names = [
  "up",
  "preview",
  "destroy",
  "status",
  "audit",
  "dead-letters",
  "offsets",
  "backup",
  "restore",
  "peek",
  "produce",
  "doctor",
  "pulumi",
  "env",
  "test",
  "test:chaos",
  "bench",
  "check",
  "generate",
  "dashboards:preview",
  "lint:workflows",
  "docs",
  "comment",
] as const;

const requireHere = createRequire(__filename);

/** A command's code, loaded only when it is needed: most of a short command's time is loading. */
function load(name: (typeof names)[number]): Command {
  return (requireHere(`./commands/${name.replace(":", "-")}`) as { command: Command }).command;
}

/** Runs one command line and gives its exit code. Failures are told on standard error. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name = "", ...rest] = argv;
  try {
    const known = names.find((candidate) => candidate === name);
    if (!known) return listCommands(name);
    const command = load(known);
    // `pulumi` has a help of its own.
    const asksHelp = rest.includes("--help") || (rest.includes("-h") && !command.passOn);
    if (asksHelp && name !== "pulumi") {
      process.stdout.write(helpOf(name, command));
      return exitCodes.ok;
    }
    return await command.run(readArguments(rest, command.options, command.passOn));
  } catch (error) {
    process.stderr.write(`${renderError(error)}\n`);
    return exitCodeOf(error);
  }
}

function listCommands(name: string): number {
  if (name !== "" && name !== "--help") {
    throw new UserError("USAGE", `there is no command ${name}`, {
      fix: `use one of ${names.join(", ")}`,
    });
  }
  const width = Math.max(...names.map((known) => known.length));
  for (const known of names) {
    process.stdout.write(`npm run ${known.padEnd(width)}  ${load(known).summary}\n`);
  }
  return name === "" ? exitCodes.usage : exitCodes.ok;
}

function helpOf(name: string, command: Command): string {
  const call = `${name === "test" ? "npm test" : `npm run ${name}`} -- ${command.usage}`;
  const parts = [
    command.summary,
    `usage: ${call.replace(/ -- $/, "")}`,
    ...(Object.keys(command.options).length > 0 ? [describeOptions(command.options)] : []),
    ...(command.notes ? [command.notes] : []),
    "exit codes: 0 done, 1 failed or not healthy, 2 wrong use, 130 interrupted",
  ];
  return `${parts.join("\n\n")}\n`;
}

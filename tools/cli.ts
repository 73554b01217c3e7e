import { describeOptions, readArguments } from "./lib/arguments";
import type { Command } from "./lib/command";
import { exitCodeOf, exitCodes, renderError, UserError } from "./lib/user-error";

/** Each command's code is loaded only when it is called. */
const commands: Record<string, () => Promise<{ command: Command }>> = {
  up: () => import("./commands/up"),
  preview: () => import("./commands/preview"),
  destroy: () => import("./commands/destroy"),
  status: () => import("./commands/status"),
  peek: () => import("./commands/peek"),
  doctor: () => import("./commands/doctor"),
  pulumi: () => import("./commands/pulumi"),
  env: () => import("./commands/env"),
  test: () => import("./commands/test"),
  bench: () => import("./commands/bench"),
};

/** Runs one command line and gives its exit code. Failures are told on standard error. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name = "", ...rest] = argv;
  try {
    const load = commands[name];
    if (!load) return await listCommands(name);
    const { command } = await load();
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

async function listCommands(name: string): Promise<number> {
  if (name !== "" && name !== "--help") {
    throw new UserError("USAGE", `there is no command ${name}`, {
      fix: `use one of ${Object.keys(commands).join(", ")}`,
    });
  }
  for (const [known, load] of Object.entries(commands)) {
    process.stdout.write(`npm run ${known.padEnd(8)}  ${(await load()).command.summary}\n`);
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

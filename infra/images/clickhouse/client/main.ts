import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { runAll } from "./batch";
import { Connection, ServerError } from "./connection";
import { HELP, OptionError, parseOptions, type ClientOptions } from "./options";
import { runInteractive } from "./repl";
import { splitStatements, type Piece } from "./split";

/** What the shell gives a command line that makes no sense, here as in the real client. */
const BAD_ARGUMENTS = 36;

const streams = { in: process.stdin, out: process.stdout, err: process.stderr };

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.show === "help") {
    process.stdout.write(HELP);
    return 0;
  }
  const connection = new Connection(options);
  if (options.show === "version") {
    const version = await connection.ask("SELECT version()").catch(() => "26.7");
    process.stdout.write(`ClickHouse client version ${version} (embedded build).\n`);
    return 0;
  }
  const onTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const format = options.format ?? (process.stdout.isTTY ? "PrettyCompact" : "TabSeparated");
  if (options.database !== undefined)
    await connection.ask(`USE \`${options.database.replace(/[\\`]/g, "\\$&")}\``);
  const given = statementsOf(options);
  if (given !== undefined) return runAll(given, connection, options, format, streams);
  if (onTerminal) {
    const version = await connection.ask("SELECT version()");
    process.stdout.write(
      `ClickHouse client (look-alike over HTTP).\nConnected to ${options.host}:${options.port}, version ${version}.\n\n`,
    );
    return runInteractive(connection, options, format, streams);
  }
  const text = await readAll(process.stdin);
  return runAll(splitStatements(text), connection, options, format, streams);
}

/** Statements of --query and --queries-file; undefined where there are neither. */
function statementsOf(options: ClientOptions): Piece[] | undefined {
  const texts = [
    ...options.queries,
    ...options.queryFiles.map((file) => readFileSync(file, "utf8")),
  ];
  return texts.length === 0 ? undefined : texts.flatMap(splitStatements);
}

async function readAll(from: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of from) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

// A reader such as `head` that has seen enough is no fault.
process.stdout.on("error", () => process.exit(0));

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    const isOption = error instanceof OptionError;
    process.stderr.write(isOption ? `Code: ${BAD_ARGUMENTS}. ${text}\n` : `${text}\n`);
    process.exitCode = error instanceof ServerError ? error.exitCode : BAD_ARGUMENTS;
  },
);

import { existsSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { pollByHand } from "../../pipeline/by-hand/poll";
import { Summary } from "../../pipeline/by-hand/summary";
import { PipelineError } from "../../pipeline/errors";
import { sources } from "../../pipeline/source/index";
import { stackOption, type Arguments } from "../lib/arguments";
import type { Command } from "../lib/command";
import { printFile, sendFile } from "../lib/produce-file";
import { targetOf, type Target } from "../lib/produce-target";
import { createProgress } from "../lib/progress";
import { alignTable } from "../lib/table";
import { exitCodes, UserError } from "../lib/user-error";

const SHORT_FILE_BYTES = 64 * 1024 * 1024;
const SOURCES = [...sources.map(({ name }) => name), "file"];

export const command: Command = {
  summary: "polls and sends by hand, or sends the rows of a file",
  usage: "--once | --source file --input FILE | --dry-run",
  notes: [
    "Without --once it polls until Ctrl-C. The producer's own variables (COMPRESSION, FORMAT and so on,",
    "docs/producer.md lists them) are taken from the environment.",
  ].join("\n"),
  options: {
    ...stackOption,
    once: { type: "boolean", description: "poll each source once, deliver that and end" },
    source: { type: "string", value: "NAME", description: `one of ${SOURCES.join(", ")}` },
    input: { type: "string", value: "FILE", description: "JSON lines, or CSV by its ending .csv" },
    table: {
      type: "string",
      value: "NAME",
      description: "whose rows the file has; by default steam_top_games",
    },
    topic: { type: "string", value: "NAME", description: "where the file's rows go" },
    workers: {
      type: "string",
      value: "N",
      description: "threads that send a file, each with partitions of its own",
    },
    "dry-run": { type: "boolean", description: "print the messages and send nothing" },
    simulated: { type: "boolean", description: "ask a simulated Steam, started for this command" },
    brokers: {
      type: "string",
      value: "HOST:PORT",
      description: "send there, and ask no stack where its broker is",
    },
  },
  passOn: false,
  async run(args) {
    const source = args.text("source");
    if (source !== undefined && !SOURCES.includes(source)) {
      throw new UserError("USAGE", `--source: there is no source ${JSON.stringify(source)}`, {
        fix: `use one of ${SOURCES.join(", ")}`,
      });
    }
    try {
      const target = await targetOf(args);
      return source === "file" ? await file(args, target) : await poll(args, target, source);
    } catch (error) {
      if (error instanceof PipelineError)
        throw new UserError("UNREACHABLE", error.message, {
          cause: error,
          fix: "see docs/producer.md",
        });
      throw error;
    }
  },
};

async function poll(args: Arguments, target: Target, source?: string): Promise<number> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const summary = new Summary();
  const startedAt = Date.now();
  const isDry = args.flag("dry-run");
  const succeeded = await pollByHand(
    {
      environment: { ...target.environment, ...(source === undefined ? {} : { SOURCES: source }) },
      simulated: target.simulated,
      once: args.flag("once") || isDry,
      ...(isDry ? { print } : {}),
      summary,
      say: (line) => process.stderr.write(line),
    },
    stop.signal,
  );
  if (!isDry) showSummary(summary, Date.now() - startedAt);
  return succeeded ? exitCodes.ok : exitCodes.failure;
}

async function file(args: Arguments, target: Target): Promise<number> {
  const input = args.text("input");
  if (input === undefined || !existsSync(input)) {
    throw new UserError(
      "USAGE",
      input ? `there is no file ${input}` : "--source file needs a file",
      {
        where: "--input",
        fix: "write --input FILE",
      },
    );
  }
  const wanted = { input, table: args.text("table"), topic: args.text("topic"), target };
  if (args.flag("dry-run")) return printFile(wanted, print) ? exitCodes.ok : exitCodes.failure;
  // A thread takes a second to start, which a short file does not pay for.
  const isShort = statSync(input).size < SHORT_FILE_BYTES;
  const workers = args.count("workers", isShort ? 1 : Math.min(2, availableParallelism()));
  const done = await sendFile({ ...wanted, workers }, createProgress());
  process.stdout.write(done.text);
  return done.succeeded ? exitCodes.ok : exitCodes.failure;
}

function print(message: string | Buffer): void {
  process.stdout.write(message);
  if (typeof message === "string" && !message.endsWith("\n")) process.stdout.write("\n");
}

function showSummary(summary: Summary, ms: number): void {
  const rows = summary.rows();
  const total = rows.reduce((sum, { messages }) => sum + messages, 0);
  const lines = rows.map(({ topic, partition, messages, failed, first, last }) => [
    topic,
    String(partition),
    String(messages),
    String(failed),
    first === "" ? "" : `${first} to ${last}`,
  ]);
  const head = ["topic", "partition", "acknowledged", "failed", "offsets"];
  const table = alignTable([head, ...lines], [1, 2, 3]).join("\n");
  process.stdout.write(`${table}\n${total} messages in ${(ms / 1000).toFixed(1)} s\n`);
}

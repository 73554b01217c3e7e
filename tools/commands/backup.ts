import { join, resolve } from "node:path";
import { count } from "../lib/amount";
import { stackOption } from "../lib/arguments";
import { backup } from "../lib/backup/backup";
import type { Manifest } from "../lib/backup/manifest";
import { backupTarget } from "../lib/backup/target";
import type { Command } from "../lib/command";
import { engineOf } from "../lib/engines";
import { readOutputs } from "../lib/outputs";
import { localDir } from "../lib/paths";
import { createProgress, seconds } from "../lib/progress";
import { chosenStack, openDockerSession } from "../lib/session";
import { alignTable } from "../lib/table";
import { exitCodes } from "../lib/user-error";

export const command: Command = {
  summary: "writes all rows of a stack's ClickHouse to a file, while the stack goes on",
  usage: "[options]",
  notes:
    "Consumption waits for a moment, so that all tables are of one instant. Messages still in Kafka, and the\nobjects of sql/ themselves, are not in the file.",
  options: {
    ...stackOption,
    out: {
      type: "string",
      value: "FILE",
      description: "the file; by default .steamline/backups/STACK-TIME.tar",
    },
    json: { type: "boolean", description: "print one JSON object: the file and what it holds" },
  },
  passOn: false,
  async run(args) {
    const startedAt = Date.now();
    const stack = chosenStack(args.text("stack"));
    const progress = createProgress();
    const session = await openDockerSession(stack, progress);
    const { env } = await engineOf(session, "clickhouse");
    const target = backupTarget(stack, await readOutputs(session), env, progress);
    const file = resolve(args.text("out") ?? defaultFile(stack, new Date()));
    const manifest = await backup(target, file);
    const text = args.flag("json")
      ? JSON.stringify({ file, ...manifest })
      : `${describe(manifest)}\n${file} (${seconds(Date.now() - startedAt)})`;
    process.stdout.write(`${text}\n`);
    return exitCodes.ok;
  },
};

function defaultFile(stack: string, at: Date): string {
  const time = at.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  return join(localDir, "backups", `${stack}-${time}.tar`);
}

function describe({ stack, madeAt, tables, streams }: Manifest): string {
  const lines = [
    ...tables.map(({ name, rows }) => [`table ${name}`, count(rows, "row")]),
    ...streams.map(({ topic, partitions }) => [
      `topic ${topic}`,
      `up to ${partitions.map(({ partition, committed }) => `${partition}/${committed}`).join(", ")}`,
    ]),
  ];
  return [`stack ${stack} as of ${madeAt}`, ...alignTable(lines)].join("\n");
}

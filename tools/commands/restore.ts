import { resolve } from "node:path";
import { count } from "../lib/amount";
import { stackOption } from "../lib/arguments";
import { restore, type Restored } from "../lib/backup/restore";
import { backupTarget } from "../lib/backup/target";
import type { Command } from "../lib/command";
import { engineOf } from "../lib/engines";
import { readOutputs } from "../lib/outputs";
import { createProgress, seconds } from "../lib/progress";
import { chosenStack, openDockerSession } from "../lib/session";
import { alignTable } from "../lib/table";
import { exitCodes, UserError } from "../lib/user-error";

export const command: Command = {
  summary: "brings the rows of a back-up file into a stack's ClickHouse",
  usage: "FILE [options]",
  notes:
    "Refused where a table holds rows already, unless with --add: then those stay. The ledger of a topic comes along\nonly if the topic is still the one of the back-up.",
  options: {
    ...stackOption,
    add: { type: "boolean", description: "add the rows to those that the tables hold" },
    json: { type: "boolean", description: "print one JSON object: the tables and their new rows" },
  },
  passOn: true,
  async run(args) {
    const startedAt = Date.now();
    const [file, unknown] = args.rest;
    if (file === undefined || file.startsWith("-") || unknown !== undefined) {
      throw new UserError("USAGE", `${unknown ?? file ?? "a file"} is not understood here`, {
        fix: "write npm run restore -- FILE; --help lists the options",
      });
    }
    const stack = chosenStack(args.text("stack"));
    const progress = createProgress();
    const session = await openDockerSession(stack, progress);
    const { env } = await engineOf(session, "clickhouse");
    const target = backupTarget(stack, await readOutputs(session), env, progress);
    const done = await restore(target, resolve(file), args.flag("add"));
    const text = args.flag("json")
      ? JSON.stringify({ ...done.manifest, tables: done.tables })
      : `${describe(done)}\nrestored in ${seconds(Date.now() - startedAt)}`;
    process.stdout.write(`${text}\n`);
    return exitCodes.ok;
  },
};

function describe({ manifest, tables, continued }: Restored): string {
  const lines = tables.map(({ name, rows }) => [`table ${name}`, count(rows, "row")]);
  const topics = manifest.streams.map((stream) =>
    continued.includes(stream)
      ? [`topic ${stream.topic}`, "goes on from the back-up; its ledger came along"]
      : [`topic ${stream.topic}`, "is not the one of the back-up; it has a ledger of its own"],
  );
  const again = continued.map(
    (stream) =>
      `what came since, paused: npm run offsets -- reset --topic ${stream.topic} --to ${lastTime(stream)} --execute`,
  );
  const head = `back-up of stack ${manifest.stack} as of ${manifest.madeAt}`;
  return [head, ...alignTable([...lines, ...topics]), ...again].join("\n");
}

/** From when on messages may not be in the back-up. */
function lastTime({ partitions }: Restored["continued"][number]): string {
  const times = partitions.flatMap(({ last }) => (last ? [last.timestamp] : []));
  return new Date(Math.min(...times)).toISOString();
}

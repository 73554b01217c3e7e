import type { ClickHouseClient } from "@clickhouse/client";
import { withClient } from "../../infra/clickhouse/client";
import { describeEffects } from "../../infra/offsets/effect";
import { GOALS, parseGoal, type Goal } from "../../infra/offsets/goal";
import { rebuildFromTopic } from "../../infra/offsets/rebuild";
import { pause, resume } from "../../infra/offsets/reader";
import { carryOut, planReset } from "../../infra/offsets/reset";
import { stackOption, type Arguments } from "../lib/arguments";
import { streamsOf } from "../lib/audit/stack";
import { connectionOf } from "../lib/backup/target";
import { refuseOnCluster } from "../lib/cluster";
import type { Command } from "../lib/command";
import { renderEffects, renderShown, show } from "../lib/offsets/show";
import { readersOf, type StreamReader } from "../lib/offsets/target";
import { kafkaOf, readOutputs } from "../lib/outputs";
import { createProgress } from "../lib/progress";
import { chosenStack, openSession } from "../lib/session";
import { uninterrupted } from "../lib/uninterrupted";
import { exitCodes, UserError } from "../lib/user-error";

type Action = (client: ClickHouseClient, reader: StreamReader, args: Arguments) => Promise<void>;

const actions: Record<string, Action> = {
  show: async (client, reader, args) => {
    const shown = await show(client, reader);
    print(args, shown, renderShown(shown));
  },
  pause: async (client, reader, args) => {
    const was = await uninterrupted(() => pause(client, reader));
    told(args, reader, was ? "paused, until resume, an up, or a restart" : "was paused already");
  },
  resume: async (client, reader, args) => {
    told(args, reader, (await resume(client, reader)) ? "reads on" : "was not paused");
  },
  reset: async (client, reader, args) => {
    const partition =
      args.text("partition") === undefined ? undefined : args.count("partition", 0, 0);
    const effects = await planReset(client, reader, goalOf(args), partition);
    const does = args.flag("execute");
    if (does) await carryOut(reader, effects);
    const { topic } = reader.group;
    const end = does ? "done" : "nothing was changed: --execute does it";
    const text = [`topic ${topic}: ${describeEffects(effects)}`, renderEffects(effects), end];
    print(args, { topic, executed: does, partitions: effects }, text.join("\n"));
  },
  rebuild,
};

/** Only the plan, without --execute. */
async function rebuild(client: ClickHouseClient, reader: StreamReader, args: Arguments) {
  const { table, group } = reader;
  const { topic } = group;
  if (!args.flag("execute")) {
    const effects = await planReset(client, reader, { kind: "earliest" });
    const words = `table ${table}: will be emptied, with what views make from it, and filled from ${topic}; rows that Kafka no longer has are put back`;
    const text = [words, renderEffects(effects), "nothing was changed: --execute does it"];
    print(args, { topic, table, executed: false, partitions: effects }, text.join("\n"));
    return;
  }
  const done = await createProgress().step(`filling ${table} from ${topic}`, () =>
    rebuildFromTopic(client, reader, table),
  );
  const text = `table ${table}: ${done.before} rows before, ${done.after} now; ${done.kept} of them kept as they were`;
  print(args, { topic, table, executed: true, ...done }, text);
}

export const command: Command = {
  summary: "shows how far ClickHouse has read each topic, pauses it, and sets where it goes on",
  usage: `${Object.keys(actions).join("|")} [options]`,
  notes:
    "reset shows what it would do, and how many messages that is; --execute does it, while consumption is paused:\n  npm run offsets -- pause\n  npm run offsets -- reset --to earliest --execute\n  npm run offsets -- resume",
  options: {
    ...stackOption,
    topic: { type: "string", value: "NAME", description: "one topic; by default all of the stack" },
    partition: { type: "string", value: "N", description: "reset: one partition; by default all" },
    to: { type: "string", value: "GOAL", description: `reset: ${GOALS}` },
    execute: { type: "boolean", description: "reset, rebuild: do it" },
    json: { type: "boolean", description: "print one JSON object a topic" },
  },
  passOn: true,
  async run(args) {
    const [name = "", unknown] = args.rest;
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action || unknown !== undefined) {
      throw new UserError("USAGE", `${JSON.stringify(unknown ?? name)} is not understood here`, {
        fix: `write npm run offsets -- ${Object.keys(actions).join("|")}; --help lists the options`,
      });
    }
    if (name === "reset") goalOf(args);
    if (name === "rebuild" && args.text("topic") === undefined) {
      throw new UserError("USAGE", "rebuild needs the one topic that is meant", {
        fix: "write --topic NAME; npm run offsets -- show lists them",
      });
    }
    const session = await openSession(chosenStack(args.text("stack")), createProgress());
    const outputs = await readOutputs(session);
    if (name !== "show")
      refuseOnCluster(
        outputs,
        `npm run offsets -- ${name}`,
        "it detaches the Kafka table of the one server that reads, and every server of a cluster reads",
        "npm run offsets -- show works; docs/clickhouse-cluster.md tells how a topic is read again",
      );
    const target = { kafka: kafkaOf(outputs), streams: streamsOf(outputs) };
    const readers = readersOf(target, args.text("topic"));
    await withClient(connectionOf(outputs), async (client) => {
      for (const reader of readers) await action(client, reader, args);
    });
    return exitCodes.ok;
  },
};

function goalOf(args: Arguments): Goal {
  const text = args.text("to");
  const goal = text === undefined ? undefined : parseGoal(text);
  if (goal) return goal;
  throw new UserError("USAGE", `--to: ${JSON.stringify(text ?? "")} is no place to go on from`, {
    fix: `write --to with ${GOALS}`,
  });
}

function told(args: Arguments, { group: { topic, group } }: StreamReader, state: string): void {
  print(args, { topic, group, state }, `topic ${topic}: ${state}`);
}

function print(args: Arguments, value: object, text: string): void {
  process.stdout.write(`${args.flag("json") ? JSON.stringify(value) : text}\n`);
}

import { stackOption } from "../lib/arguments";
import type { Command } from "../lib/command";
import { kafkaOf, readOutputs } from "../lib/outputs";
import { peek, type Peeked } from "../lib/peek";
import { createProgress } from "../lib/progress";
import { chosenStack, openSession } from "../lib/session";
import { exitCodes, UserError } from "../lib/user-error";

const LIMIT = 10;

export const command: Command = {
  summary: "looks at a topic's messages with a group of its own, disturbing no one",
  usage: "[options]",
  options: {
    ...stackOption,
    topic: {
      type: "string",
      value: "NAME",
      description: "the topic; by default that of the ranking",
    },
    limit: { type: "string", value: "N", description: `how many messages; by default ${LIMIT}` },
    from: {
      type: "string",
      value: "latest|beginning",
      description: "the newest messages there are, or the oldest; by default latest",
    },
    json: { type: "boolean", description: "print one JSON object a line" },
  },
  passOn: false,
  async run(args) {
    const from = args.text("from") ?? "latest";
    if (from !== "latest" && from !== "beginning") {
      throw new UserError("USAGE", `--from: ${JSON.stringify(from)} is not known`, {
        fix: "write --from latest or --from beginning",
      });
    }
    const limit = args.count("limit", LIMIT);
    const session = await openSession(chosenStack(args.text("stack")), createProgress());
    const outputs = await readOutputs(session);
    const topic = args.text("topic") ?? outputs.topGamesTopic;
    const messages = await peek(kafkaOf(outputs), { topic, limit, from });
    for (const message of messages) {
      process.stdout.write(`${args.flag("json") ? JSON.stringify(message) : line(message)}\n`);
    }
    if (messages.length === 0) process.stderr.write(`the topic ${topic} is empty\n`);
    return exitCodes.ok;
  },
};

function line({ partition, offset, time, key, value }: Peeked): string {
  return `${partition}/${offset}  ${time}  key ${key ?? "(none)"}  ${value ?? "(none)"}`;
}

import { stackOption } from "../lib/arguments";
import type { Command } from "../lib/command";
import { readOutputs } from "../lib/outputs";
import { createProgress } from "../lib/progress";
import { chosenStack, openSession } from "../lib/session";
import { renderStatus } from "../lib/status/render";
import { settledStatus } from "../lib/status/wait";
import { exitCodes } from "../lib/user-error";

const WAIT_TIMEOUT = 120;

export const command: Command = {
  summary: "tells of each hop from the source to Grafana whether it is healthy, and what to do",
  usage: "[options]",
  options: {
    ...stackOption,
    json: { type: "boolean", description: "print one JSON object: {stack, healthy, hops}" },
    wait: { type: "boolean", description: "look again until all is healthy" },
    timeout: {
      type: "string",
      value: "SECONDS",
      description: `how long --wait waits; by default ${WAIT_TIMEOUT}`,
    },
  },
  passOn: false,
  async run(args) {
    const timeout = args.count("timeout", WAIT_TIMEOUT);
    const session = await openSession(chosenStack(args.text("stack")), createProgress());
    const outputs = await readOutputs(session);
    const status = await settledStatus(session, outputs, args.flag("wait") ? timeout : 0);
    const text = args.flag("json")
      ? JSON.stringify(status, null, 2)
      : renderStatus(status, process.stdout.isTTY);
    process.stdout.write(`${text}\n`);
    return status.healthy ? exitCodes.ok : exitCodes.failure;
  },
};

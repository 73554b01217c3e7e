import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { stackOption } from "../lib/arguments";
import type { Command } from "../lib/command";
import { readOutputs } from "../lib/outputs";
import { createProgress } from "../lib/progress";
import { chosenStack, openSession } from "../lib/session";
import { statusMarkdown } from "../lib/status/markdown";
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
    markdown: { type: "boolean", description: "print it and the URLs as a pull-request comment" },
    out: { type: "string", value: "FILE", description: "write that comment to a file" },
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
    const file = args.text("out");
    const text = args.flag("json")
      ? JSON.stringify(status, null, 2)
      : args.flag("markdown") || file !== undefined
        ? statusMarkdown(status, outputs)
        : renderStatus(status, process.stdout.isTTY);
    if (file === undefined) process.stdout.write(`${text}\n`);
    else writeFileSync(resolve(process.env["INIT_CWD"] ?? "", file), text);
    return status.healthy ? exitCodes.ok : exitCodes.failure;
  },
};

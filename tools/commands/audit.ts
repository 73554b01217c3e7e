import { stackOption } from "../lib/arguments";
import { audit } from "../lib/audit/audit";
import { recordAudit } from "../lib/audit/record";
import { renderAudit } from "../lib/audit/render";
import { targetOf } from "../lib/audit/stack";
import type { AuditTarget } from "../lib/audit/target";
import type { Command } from "../lib/command";
import { readOutputs } from "../lib/outputs";
import { createProgress } from "../lib/progress";
import { chosenStack, openSession } from "../lib/session";
import { exitCodes, renderError } from "../lib/user-error";

const DAYS = 7;

export const command: Command = {
  summary: "proves that every message of Kafka is stored or accounted for, or names what is not",
  usage: "[options]",
  notes:
    "Holds Kafka's offsets, the ledger, the stored rows, the dead letters and the producer's report against one\nanother, and reads back from Kafka what the ledger lacks. What it finds goes into steam_ledger and\nsteam_audits. Exit code 0 only if the audit is complete; with --every, if the last one was.",
  options: {
    ...stackOption,
    json: { type: "boolean", description: "print one JSON object an audit" },
    days: {
      type: "string",
      value: "N",
      description: `days back for which rows are held against their keys; by default ${DAYS}`,
    },
    every: {
      type: "string",
      value: "SECONDS",
      description: "audit again and again until interrupted, for alerts",
    },
  },
  passOn: false,
  async run(args) {
    const days = args.count("days", DAYS);
    const every = args.text("every") === undefined ? 0 : args.count("every", 60);
    const session = await openSession(chosenStack(args.text("stack")), createProgress());
    const target = targetOf(session.stack, await readOutputs(session), days);
    const print = (text: string) => process.stdout.write(`${text}\n`);
    const once = () => auditOnce(session.stack, target, args.flag("json"), print);
    if (every === 0) return (await once()) ? exitCodes.ok : exitCodes.failure;
    let interrupted = false;
    process.once("SIGINT", () => (interrupted = true));
    for (let complete = false; ;) {
      try {
        complete = await once();
      } catch (error) {
        complete = false;
        process.stderr.write(`${renderError(error)}\n`);
      }
      for (let second = 0; second < every && !interrupted; second++)
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      if (interrupted) return complete ? exitCodes.ok : exitCodes.failure;
    }
  },
};

/** Audits, prints and records. @returns whether it is complete */
async function auditOnce(
  stack: string,
  target: AuditTarget,
  json: boolean,
  print: (text: string) => void,
): Promise<boolean> {
  const found = await audit(target);
  await recordAudit(target.ask, found);
  print(
    json
      ? JSON.stringify({ stack, days: target.days, ...found })
      : renderAudit(stack, found, target.days, process.stdout.isTTY),
  );
  return found.complete;
}

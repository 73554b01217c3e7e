import type { Command } from "../lib/command";
import { placementOf } from "../lib/engines";
import { clearDeadLocks } from "../lib/locks";
import { begin, finish } from "../lib/marker";
import { refuseMoves } from "../lib/moves";
import { checkout } from "../lib/paths";
import { prepareHosts } from "../lib/prepare-hosts";
import { enforcePolicy } from "../lib/production";
import { createProgress } from "../lib/progress";
import { readPulumiCall, withConfigFile, type PulumiCall } from "../lib/pulumi-arguments";
import { capture, handOver } from "../lib/run";
import { chosenStack, openFullSession, openSession, type Session } from "../lib/session";
import { ensureStack } from "../lib/stack";
import { readState } from "../lib/state";
import { keepChanges, writeEditable, writeMerged } from "../lib/stack-config";

const DEPLOYS = new Set(["up", "update"]);
/** Commands that name a stack themselves, or need none. */
const STACKLESS = new Set(["init", "select", "ls"]);

export const command: Command = {
  summary: "runs the Pulumi CLI with backend, passphrase, plugins and config set",
  usage: "ARGS",
  options: {},
  passOn: true,
  async run() {
    // Arguments go on as they are, `--` included.
    const argv = process.argv.slice(3);
    const call = readPulumiCall(argv);
    const session = await open(call);
    if (!call.takesConfigFile) return runPlain(session, call, argv);

    await ensureStack(session);
    const deploys = call.runsProgram && DEPLOYS.has(call.words[0] ?? "");
    if (deploys || call.words[0] === "preview") refuseMoves(session, await readState(session));
    if (deploys) await enforcePolicy(session, argv);
    if (call.runsProgram) clearDeadLocks(session);
    const { file, content } = call.writesConfig
      ? writeEditable(session.stack)
      : writeMerged(session.stack);
    if (deploys && placementOf(session.stack)) await prepareHosts(session, content);
    if (call.runsProgram) begin(session.stack);
    const code = await handOver(session.toolchain.pulumi, withConfigFile(argv, call, file), {
      cwd: checkout,
      env: session.env,
    });
    if (call.runsProgram) finish(session.stack);
    keepChanges(session.stack, file, content);
    return code;
  },
};

async function open(call: PulumiCall): Promise<Session> {
  const progress = createProgress();
  const stack = call.stack ?? process.env["PULUMI_STACK"];
  if (stack !== undefined) {
    const chosen = chosenStack(stack);
    return call.runsProgram ? openFullSession(chosen, progress) : openSession(chosen, progress);
  }
  const session = await openSession(chosenStack(undefined), progress);
  const selected = await selectedStack(session);
  if (call.runsProgram) return openFullSession(selected, progress);
  return { ...session, stack: selected, env: { ...session.env, PULUMI_STACK: selected } };
}

/** The stack that `pulumi stack select` chose, else dev. */
async function selectedStack(session: Session): Promise<string> {
  const env = { ...session.env };
  delete env["PULUMI_STACK"];
  const shown = await capture(session.toolchain.pulumi, ["stack", "--show-name"], {
    cwd: checkout,
    env,
  });
  return shown.code === 0 ? shown.stdout.trim() : session.stack;
}

async function runPlain(
  session: Session,
  { words }: PulumiCall,
  argv: readonly string[],
): Promise<number> {
  const env = { ...session.env };
  if (words[0] === "stack" && STACKLESS.has(words[1] ?? "")) delete env["PULUMI_STACK"];
  return handOver(session.toolchain.pulumi, argv, { cwd: process.cwd(), env });
}

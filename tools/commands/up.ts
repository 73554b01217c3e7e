import { stackOption } from "../lib/arguments";
import type { Command } from "../lib/command";
import { clearDeadLocks } from "../lib/locks";
import { mend } from "../lib/mend";
import type { StackFile } from "../lib/merged-config";
import { refuseMoves } from "../lib/moves";
import { readOutputs } from "../lib/outputs";
import { renderPlaces } from "../lib/places";
import { enforcePolicy } from "../lib/production";
import { prepareHosts } from "../lib/prepare-hosts";
import { createProgress, seconds } from "../lib/progress";
import { deploy } from "../lib/pulumi";
import { chosenStack, openFullSession, type Session } from "../lib/session";
import { ensureStack } from "../lib/stack";
import { readState, type Deployment } from "../lib/state";
import { configValue, writeMerged } from "../lib/stack-config";
import { renderStatus } from "../lib/status/render";
import { settledStatus, waitForRows } from "../lib/status/wait";
import { exitCodes } from "../lib/user-error";

/** Seconds that a healthy stack may take from its last container to its first row. */
const ROWS_TIMEOUT = 180;
/** Seconds given to the slower hops once rows flow; the details come one game after the other. */
const SETTLE_TIMEOUT = 30;

export const command: Command = {
  summary: "sets everything up, deploys a stack, and waits until rows are in ClickHouse",
  usage: "[options] [pulumi up's options]",
  options: {
    ...stackOption,
    timeout: {
      type: "string",
      value: "SECONDS",
      description: `how long to wait for rows after the deployment; by default ${ROWS_TIMEOUT}`,
    },
    rediscover: {
      type: "boolean",
      description: "find out anew which images and which source can be had",
    },
  },
  passOn: true,
  async run(args) {
    const startedAt = Date.now();
    const timeout = args.count("timeout", ROWS_TIMEOUT);
    const stack = chosenStack(args.text("stack"));
    const session = await openFullSession(stack, createProgress(), args.flag("rediscover"));
    await ensureStack(session);
    await enforcePolicy(session, args.rest);
    clearDeadLocks(session);
    await deployAll(session, args.rest);

    const outputs = await readOutputs(session);
    await waitForRows(session, outputs, timeout);
    const rowsAfter = seconds(Date.now() - startedAt);
    const status = await settledStatus(session, outputs, SETTLE_TIMEOUT);
    const colour = process.stdout.isTTY;
    process.stdout.write(`\n${renderStatus(status, colour)}\n\n${renderPlaces(outputs)}\n`);
    process.stdout.write(
      `\nrows after ${rowsAfter}, all of it took ${seconds(Date.now() - startedAt)}\n`,
    );
    return status.healthy ? exitCodes.ok : exitCodes.failure;
  },
};

const REFRESH = /^(--refresh(=true)?|-r)$/;

async function deployAll(session: Session, args: readonly string[]): Promise<void> {
  const state = await readState(session);
  refuseMoves(session, state);
  const mended = await mend(session, state);
  const { content } = writeMerged(session.stack);
  await prepareHosts(session, content);
  const looks = isForeign(state, content) ? [] : ["--skip-preview"];
  const up = ["--yes", ...looks, "--suppress-permalink", ...args];
  const refreshes = args.some((argument) => REFRESH.test(argument));
  if (!mended.dropped || (!refreshes && !mended.dataGone)) {
    await deploy(session, "up", up);
    return;
  }
  // What is asked by a refresh has to stand before it is asked.
  const plain = up.filter(
    (argument) => !REFRESH.test(argument) && argument !== "--expect-no-changes",
  );
  await deploy(session, "up", plain);
  await deploy(session, "up", [...plain, "--refresh"]);
}

/**
 * Whether the stack uses, or used, what it does not make. A preview then looks whether that lets in, and may be moved
 * to or from, before anything is made.
 */
function isForeign(state: Deployment | undefined, content: StackFile): boolean {
  const isNamed = ["kafkaExternal", "clickhouseExternal"].some((key) => configValue(content, key));
  const resources = state?.resources ?? [];
  return isNamed || resources.some(({ type }) => /:(KafkaEndpoint|ClickHouseClaim)$/.test(type));
}

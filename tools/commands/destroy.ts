import { stackOption } from "../lib/arguments";
import type { Command } from "../lib/command";
import { nameObjects } from "../lib/docker";
import { enginesOf, findObjects, forgetTls, type Engine, type FoundObjects } from "../lib/engines";
import { clearDeadLocks } from "../lib/locks";
import { finish } from "../lib/marker";
import { findFaults, removeObject } from "../lib/mend";
import { createProgress, seconds } from "../lib/progress";
import { refuseProtected } from "../lib/protection";
import { deploy } from "../lib/pulumi";
import { chosenStack, openDockerSession, type Session } from "../lib/session";
import { stackExists } from "../lib/stack";
import { forgetPending, readState } from "../lib/state";
import { exitCodes, UserError } from "../lib/user-error";

export const command: Command = {
  summary: "removes a stack with its data, and checks that nothing of it is left",
  usage: "[options] [pulumi destroy's options]",
  options: {
    ...stackOption,
    "delete-data": { type: "boolean", description: "also where protectData is set" },
    leftovers: {
      type: "boolean",
      description: "also remove what carries the stack's label but is not in this checkout's state",
    },
  },
  passOn: true,
  async run(args) {
    const startedAt = Date.now();
    const stack = chosenStack(args.text("stack"));
    const progress = createProgress();
    const session = await openDockerSession(stack, progress);

    const known = await stackExists(session);
    // Looked up before the state forgets what config does not name any more.
    const engines = await enginesOf(session, known ? await readState(session) : undefined);
    if (known) await destroyStack(session, engines, args.flag("delete-data"), args.rest);
    await removeLeftovers(session, engines, known || args.flag("leftovers"));
    forgetTls(stack);
    const topics = known ? ", and its topics went with the broker's volume" : "";
    process.stdout.write(
      `stack ${stack}: no container, network or volume of it is left${topics} (${seconds(Date.now() - startedAt)})\n`,
    );
    return exitCodes.ok;
  },
};

async function destroyStack(
  session: Session,
  engines: readonly Engine[],
  deleteData: boolean,
  rest: readonly string[],
): Promise<void> {
  clearDeadLocks(session);
  const state = await readState(session);
  const resources = state?.resources ?? [];
  if (resources.some(({ protect }) => protect === true) && !deleteData)
    await refuseProtected(session, resources);
  if ((state?.pending_operations ?? []).length > 0) await forgetPending(session);
  await dropMissing(session, engines);
  const args = ["--yes", "--skip-preview", ...(deleteData ? ["--ignore-protect"] : []), ...rest];
  await deploy(session, "destroy", args);
}

/** What was removed by hand need not, and often cannot, be destroyed. */
async function dropMissing(session: Session, engines: readonly Engine[]): Promise<void> {
  const [state, objects] = await Promise.all([readState(session), findObjects(session, engines)]);
  const { missing } = findFaults(state, objects);
  if (missing.length === 0) return;
  session.progress.note(
    `already gone: ${missing.map(({ urn }) => urn.split("::").at(-1)).join(", ")}`,
  );
  const targets = missing.flatMap(({ urn }) => ["--target", urn]);
  await deploy(session, "refresh", ["--yes", "--skip-preview", "--suppress-outputs", ...targets]);
}

async function removeLeftovers(
  session: Session,
  engines: readonly Engine[],
  allowed: boolean,
): Promise<void> {
  const objects = await findObjects(session, engines);
  const names = nameObjects(objects);
  if (names.length === 0) return;
  if (!allowed) {
    throw new UserError(
      "LEFTOVERS",
      `this checkout knows no stack ${session.stack}, but there are ${names.join(", ")}`,
      {
        where: engines.map(({ name }) => name).join(", "),
        fix: `destroy it where it was made, or remove them: npm run destroy -- --leftovers --stack ${session.stack}`,
      },
    );
  }
  session.progress.note(`left by a run that was interrupted, and removed now: ${names.join(", ")}`);
  await removeAll(objects);
  const still = nameObjects(await findObjects(session, engines));
  if (still.length === 0) return finish(session.stack);
  throw new UserError("LEFTOVERS", `these could not be removed: ${still.join(", ")}`, {
    where: engines.map(({ name }) => name).join(", "),
    fix: "see what uses them with `docker inspect`, and run the command again",
  });
}

async function removeAll({ containers, networks, volumes, envOf }: FoundObjects): Promise<void> {
  for (const { id } of containers) await removeObject("container", id, envOf(id));
  for (const { id } of networks) await removeObject("network", id, envOf(id));
  for (const name of volumes) await removeObject("volume", name, envOf(name));
}

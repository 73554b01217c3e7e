import { stackOption } from "../lib/arguments";
import type { Command } from "../lib/command";
import { docker, listStackObjects, nameObjects, type StackObjects } from "../lib/docker";
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
    if (known) await destroyStack(session, args.flag("delete-data"), args.rest);
    await removeLeftovers(session, known || args.flag("leftovers"));
    const topics = known ? ", and its topics went with the broker's volume" : "";
    process.stdout.write(
      `stack ${stack}: no container, network or volume of it is left${topics} (${seconds(Date.now() - startedAt)})\n`,
    );
    return exitCodes.ok;
  },
};

async function destroyStack(
  session: Session,
  deleteData: boolean,
  rest: readonly string[],
): Promise<void> {
  clearDeadLocks(session);
  const state = await readState(session);
  const resources = state?.resources ?? [];
  if (resources.some(({ protect }) => protect === true) && !deleteData)
    await refuseProtected(session, resources);
  if ((state?.pending_operations ?? []).length > 0) await forgetPending(session);
  await dropMissing(session);
  const args = ["--yes", "--skip-preview", ...(deleteData ? ["--ignore-protect"] : []), ...rest];
  await deploy(session, "destroy", args);
}

/** What was removed by hand need not, and often cannot, be destroyed. */
async function dropMissing(session: Session): Promise<void> {
  const [state, objects] = await Promise.all([
    readState(session),
    listStackObjects(session.stack, session.env),
  ]);
  const { missing } = findFaults(state, objects);
  if (missing.length === 0) return;
  session.progress.note(
    `already gone: ${missing.map(({ urn }) => urn.split("::").at(-1)).join(", ")}`,
  );
  const targets = missing.flatMap(({ urn }) => ["--target", urn]);
  await deploy(session, "refresh", ["--yes", "--skip-preview", "--suppress-outputs", ...targets]);
}

async function removeLeftovers(session: Session, allowed: boolean): Promise<void> {
  const objects = await listStackObjects(session.stack, session.env);
  const names = nameObjects(objects);
  if (names.length === 0) return;
  if (!allowed) {
    throw new UserError(
      "LEFTOVERS",
      `this checkout knows no stack ${session.stack}, but there are ${names.join(", ")}`,
      {
        where: "the Docker engine",
        fix: `destroy it where it was made, or remove them: npm run destroy -- --leftovers --stack ${session.stack}`,
      },
    );
  }
  session.progress.note(`left by a run that was interrupted, and removed now: ${names.join(", ")}`);
  await removeAll(session, objects);
  const still = nameObjects(await listStackObjects(session.stack, session.env));
  if (still.length === 0) return finish(session.stack);
  throw new UserError("LEFTOVERS", `these could not be removed: ${still.join(", ")}`, {
    where: "the Docker engine",
    fix: "see what uses them with `docker inspect`, and run the command again",
  });
}

async function removeAll(session: Session, objects: StackObjects): Promise<void> {
  for (const { id } of objects.containers) await removeObject(session, "container", id);
  for (const { id } of objects.networks) await removeObject(session, "network", id);
  for (const name of objects.volumes) await docker(["volume", "rm", name], session.env);
}

import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { docker, type DockerContainer, type StackObjects } from "./docker";
import { enginesOf, findObjects, type FoundObjects } from "./engines";
import { interruptedRun } from "./marker";
import { deploy } from "./pulumi";
import type { Session } from "./session";
import { forgetPending, type Deployment, type StateResource } from "./state";
import type * as Topics from "./topics";
import { UserError } from "./user-error";

const CONTAINER = "docker:index/container:Container";
const NETWORK = "docker:index/network:Network";
const VOLUME = "docker:index/volume:Volume";
/** Longest that containers which were started are waited for, as when they are made. */
const ANSWER_DEADLINE_MS = 90_000;
const LOOK_MS = 200;

/** Where Pulumi's state and the Docker engine disagree. */
export interface Faults {
  /** In state, on the engine, not running. */
  stopped: DockerContainer[];
  /** In state, not on the engine. */
  missing: StateResource[];
  /** On the engine with the stack's label, not in state. Volumes are none: they are taken up by name. */
  unknown: { kind: "container" | "network"; id: string; name: string }[];
  /** Operations that a killed run did not finish. */
  pending: { type: string; resource: StateResource }[];
}

export function findFaults(state: Deployment | undefined, objects: StackObjects): Faults {
  const resources = state?.resources ?? [];
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const recorded = new Set(resources.flatMap(({ id }) => id ?? []));
  const there = new Set([
    ...objects.containers.map(({ id }) => id),
    ...objects.networks.map(({ id }) => id),
    ...objects.volumes,
  ]);
  const running = new Set(["running", "restarting", "created"]);
  return {
    stopped: objects.containers.filter(({ id, state }) => recorded.has(id) && !running.has(state)),
    missing: [CONTAINER, NETWORK, VOLUME]
      .flatMap(ofType)
      .filter(({ id }) => id !== undefined && !there.has(id)),
    unknown: [
      ...objects.containers.map(({ id, name }) => ({ kind: "container" as const, id, name })),
      ...objects.networks.map(({ id, name }) => ({ kind: "network" as const, id, name })),
    ].filter(({ id }) => !recorded.has(id)),
    pending: state?.pending_operations ?? [],
  };
}

export interface Mended {
  /** Something that state believed in was gone, and state now knows. */
  dropped: boolean;
  /** A volume was gone, and with it what state believes is stored in it. */
  dataGone: boolean;
}

/**
 * Makes state and engine agree again after a killed run, or after containers were stopped or removed by
 * hand, so that the next deployment converges. Volumes are never touched.
 * @throws UserError (LEFTOVERS) for containers of this stack's name that are not this checkout's.
 */
export async function mend(session: Session, state: Deployment | undefined): Promise<Mended> {
  const objects = await findObjects(session, await enginesOf(session, state));
  const faults = findFaults(state, objects);
  const killed = interruptedRun(session.stack);
  const { progress } = session;

  if (faults.pending.length > 0) {
    progress.note(
      `an earlier run left ${faults.pending.length} operations unfinished: they are taken up anew`,
    );
    await forgetPending(session);
  }
  if (faults.unknown.length > 0) await removeUnknown(session, faults, objects, killed?.startedAt);
  for (const { name, id } of faults.stopped) {
    progress.note(`container ${name} had stopped: it is started`);
    await docker(["start", id], objects.envOf(id));
  }
  if (faults.stopped.length > 0)
    await progress.step("containers that were started", () => answering(faults.stopped, objects));
  if (faults.missing.length > 0) {
    const names = faults.missing.map(({ urn }) => urn.split("::").at(-1)).join(", ");
    progress.note(`gone from the Docker engine, and to be made anew: ${names}`);
    const targets = faults.missing.flatMap(({ urn }) => ["--target", urn]);
    await deploy(session, "refresh", ["--yes", "--skip-preview", "--suppress-outputs", ...targets]);
  }
  if (killed || faults.pending.length > 0) {
    // Loads the Kafka client, which every other `up` does without.
    const topics = createRequire(__filename)("./topics") as typeof Topics;
    await topics.removeUnrecordedTopics(session, state);
  }
  return {
    dropped: faults.missing.length > 0,
    dataGone: faults.missing.some(({ type }) => type === VOLUME),
  };
}

/**
 * Waits until containers are healthy, as what reads them next does not ask twice. One that does not become so is left
 * to the deployment, which tells of it.
 */
async function answering(
  containers: readonly DockerContainer[],
  { envOf }: FoundObjects,
): Promise<void> {
  const health = "{{if .State.Health}}{{.State.Health.Status}}{{end}}";
  const ask = ({ id }: DockerContainer) => docker(["inspect", "-f", health, id], envOf(id));
  for (const since = Date.now(); Date.now() - since < ANSWER_DEADLINE_MS; await sleep(LOOK_MS)) {
    const found = await Promise.all(containers.map(ask));
    if (!found.some((said) => said.includes("starting"))) return;
  }
}

/** Removes what a killed run of this checkout made and did not record: it holds no data. */
async function removeUnknown(
  session: Session,
  faults: Faults,
  { envOf }: FoundObjects,
  since: number | undefined,
): Promise<void> {
  const unfinished = new Set(faults.pending.map(({ resource }) => resource.inputs?.["name"]));
  for (const { kind, id, name } of faults.unknown) {
    const created = await createdAt(kind, id, envOf(id));
    const ours = (since !== undefined && created >= since) || unfinished.has(name);
    if (!ours) {
      throw new UserError(
        "LEFTOVERS",
        `there is a ${kind} ${name} of a stack ${session.stack} that this checkout did not make`,
        {
          where: "the Docker engine",
          fix: `destroy that stack where it was made, or remove it: npm run destroy -- --leftovers --stack ${session.stack}`,
        },
      );
    }
    session.progress.note(`${kind} ${name} was made by a run that was killed: it is made anew`);
    await removeObject(kind, id, envOf(id));
  }
}

async function createdAt(kind: string, id: string, env: NodeJS.ProcessEnv): Promise<number> {
  const created = await docker([kind, "inspect", "--format", "{{.Created}}", id], env);
  // Containers tell RFC 3339; networks tell Go's own form of a time.
  const text = created.trim().replace(/^(\S+) (\S+) ([+-]\d{2})(\d{2}) .*$/, "$1T$2$3:$4");
  return Date.parse(text.replace(/(\.\d{3})\d+/, "$1"));
}

/** Removes a container, network or volume. @param env of its engine */
export async function removeObject(
  kind: string,
  id: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await docker(kind === "container" ? ["rm", "--force", id] : [kind, "rm", id], env);
}

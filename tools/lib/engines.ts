import { rmSync } from "node:fs";
import { join } from "node:path";
import { distinctHosts, parseHosts, type Placement, type Role } from "../../infra/hosts-config";
import { hostsTlsOf } from "../../infra/hosts-tls";
import { ping } from "../setup/docker/ping";
import { listStackObjects, type StackObjects } from "./docker";
import { writeWhole } from "./files";
import { checkout, localDir } from "./paths";
import { capture } from "./run";
import type { Session } from "./session";
import { configValue, writeMerged } from "./stack-config";
import type { Deployment } from "./state";
import { UserError } from "./user-error";

/** Pulumi's names of the providers that `infra/hosts.ts` declares, without the address. */
const PROVIDER = "pulumi:providers:docker";
const PROVIDER_NAME = /::docker-([\d.]+)$/;
/** Variables that would lead to another engine than DOCKER_HOST does. */
const OTHERS = ["DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"];

/** A Docker engine that has, or is to have, parts of a stack. */
export interface Engine {
  /** For people. */
  name: string;
  /** Of its host, as config has it; empty where the stack is on one engine. */
  address: string;
  /** As DOCKER_HOST has it; empty for what the environment names. */
  endpoint: string;
  /** For programs that use it. */
  env: NodeJS.ProcessEnv;
}

type Place = Pick<Session, "stack" | "env">;

/** Docker hosts by role, as the stack's config has them. @throws UserError (CONFIG) with every fault of `hosts` */
export function placementOf(stack: string): Placement | undefined {
  const faults: string[] = [];
  const placement = parseHosts(configValue(writeMerged(stack).content, "hosts"), faults);
  if (faults.length === 0) return placement;
  throw new UserError("CONFIG", faults.join("\n  "), {
    where: `the config of the stack ${stack}`,
    fix: "correct it; docs/several-hosts.md has its form",
  });
}

/**
 * The engines of a stack: those of config's hosts, and of hosts that only the state still knows; one where there are none.
 * @throws UserError (CONFIG)
 */
export async function enginesOf(session: Session, state?: Deployment): Promise<Engine[]> {
  const placement = placementOf(session.stack);
  const hosts = placement ? distinctHosts(placement) : [];
  for (const { address, endpoint } of hostsIn(state))
    if (!hosts.some((host) => host.address === address)) hosts.push({ address, endpoint });
  if (hosts.length === 0)
    return [{ name: "the Docker engine", address: "", endpoint: "", env: session.env }];
  const tls = hosts.some(({ endpoint }) => endpoint.startsWith("tcp:"))
    ? await (tlsDirectories[session.stack] ??= tlsDirectory(session))
    : undefined;
  return hosts.map(({ address, endpoint }) => ({
    name: `the Docker engine of ${address} (${endpoint})`,
    address,
    endpoint,
    env: engineEnv(session.env, endpoint, tls),
  }));
}

/** Environment for programs that use the engine at `endpoint`. @param tls directory with Docker's ca.pem, cert.pem, key.pem */
export function engineEnv(
  env: NodeJS.ProcessEnv,
  endpoint: string,
  tls: string | undefined,
): NodeJS.ProcessEnv {
  const secured = endpoint.startsWith("tcp:") && tls !== undefined;
  return {
    ...withoutOthers(env),
    DOCKER_HOST: endpoint,
    ...(secured ? { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: tls } : {}),
  };
}

/** Without what would lead every provider of Docker to one engine. */
export function withoutOthers(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OTHERS.includes(name)));
}

/** The engine on which a part of the stack runs; of Kafka's the first. */
export async function engineOf(session: Session, role: Role): Promise<Engine> {
  const engines = await enginesOf(session);
  const address = placementOf(session.stack)?.[role][0]?.address;
  const found = engines.find((engine) => engine.address === (address ?? ""));
  if (found) return found;
  throw new UserError("CONFIG", `hosts: says nowhere where ${role} runs`, {
    where: `the config of the stack ${session.stack}`,
    fix: "correct it; docs/several-hosts.md has its form",
  });
}

/** Docker endpoints of the hosts of a stack's parts, of Kafka the first's; empty where there is one engine. */
export function endpointsOf(stack: string): { endpoints?: Record<string, string> } {
  const placement = placementOf(stack);
  if (!placement) return {};
  const { pipeline, ...alone } = placement;
  const byPart = Object.entries({ ...alone, producer: pipeline, simulator: pipeline });
  return {
    endpoints: Object.fromEntries(
      byPart.flatMap(([part, [host]]) => (host ? [[part, host.endpoint]] : [])),
    ),
  };
}

/** @throws UserError (DOCKER) naming each host whose engine does not answer */
export async function refuseSilent(session: Place, engines: readonly Engine[]): Promise<void> {
  const asked = await Promise.all(
    engines.map(async ({ name, endpoint, env }) => {
      const pong = endpoint === "" ? { answers: true as const } : await ping(endpoint, env);
      return pong.answers ? [] : [`${name} does not answer: ${pong.reason}`];
    }),
  );
  const silent = asked.flat();
  if (silent.length === 0) return;
  throw new UserError("DOCKER", silent.join("\n  "), {
    where: `hosts in the config of the stack ${session.stack}`,
    fix: "see that it runs and that `docker --host ENDPOINT version` answers from this machine",
  });
}

/** What a stack has on all its engines. */
export interface FoundObjects extends StackObjects {
  /** Environment of the engine that has the object of that id, or the volume of that name. */
  envOf: (id: string) => NodeJS.ProcessEnv;
}

/** What carries the stack's label on any of its engines. @throws UserError (DOCKER) where one cannot be asked */
export async function findObjects(
  session: Place,
  engines: readonly Engine[],
): Promise<FoundObjects> {
  await refuseSilent(session, engines);
  const homes = new Map<string, NodeJS.ProcessEnv>();
  const all: StackObjects = { containers: [], networks: [], volumes: [] };
  for (const { env } of engines) {
    const found = await listStackObjects(session.stack, env);
    all.containers.push(...found.containers);
    all.networks.push(...found.networks);
    all.volumes.push(...found.volumes);
    for (const { id } of [...found.containers, ...found.networks]) homes.set(id, env);
    for (const name of found.volumes) homes.set(name, env);
  }
  return { ...all, envOf: (id) => homes.get(id) ?? session.env };
}

/** Hosts by the providers that a state has. */
function hostsIn(state: Deployment | undefined): { address: string; endpoint: string }[] {
  return (state?.resources ?? []).flatMap(({ type, urn, inputs }) => {
    const address = type === PROVIDER ? PROVIDER_NAME.exec(urn)?.[1] : undefined;
    const endpoint = inputs?.["host"];
    return address !== undefined && typeof endpoint === "string" ? [{ address, endpoint }] : [];
  });
}

const tlsFiles = (stack: string) => join(localDir, "docker-tls", stack);

/** Removes what was laid out for the Docker client of a stack that is gone. */
export function forgetTls(stack: string): void {
  rmSync(tlsFiles(stack), { recursive: true, force: true });
}

/** By stack, once for a command: Pulumi takes its time to decrypt. */
const tlsDirectories: Record<string, Promise<string | undefined>> = {};

/** Lays hostsTls where the Docker client finds it. @returns the directory; undefined where config has none */
async function tlsDirectory({ stack, env, toolchain }: Session): Promise<string | undefined> {
  const { file } = writeMerged(stack);
  const args = ["config", "get", "hostsTls", "--stack", stack, "--config-file", file];
  const asked = await capture(toolchain.pulumi, args, { env, cwd: checkout });
  const tls = hostsTlsOf(asked.stdout);
  if (!tls) return undefined;
  const directory = tlsFiles(stack);
  for (const [name, pem] of Object.entries(tls))
    writeWhole(join(directory, `${name}.pem`), `${pem}\n`);
  return directory;
}

import type { Progress } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { aptInstall, isInstallable } from "../apt";
import { withLock } from "../cache";
import { which } from "../which";
import { decide, type Decision } from "./decide";
import { findHost } from "./host";
import { machine, withSbin } from "./machine";
import { ping } from "./ping";
import { startEngine } from "./start";

/** A Docker engine that answers. */
export interface DockerEngine {
  /** As DOCKER_HOST has it. */
  host: string;
}

/**
 * Finds an engine that answers; where none is chosen by the user, installs and starts one (Debian or
 * Ubuntu, as root). Where one answers already, this is a ping.
 * @throws UserError (DOCKER) telling what to do where there is none and none can be made.
 */
export async function ensureDocker(progress: Progress): Promise<DockerEngine> {
  const { host } = findHost();
  const first = await look();
  if (first.do === "use") return { host };
  if (first.do === "refuse") throw first.error;
  await progress.step("Docker engine", (say) =>
    withLock("docker-engine", () => bringUp(progress, say), {
      onWait: (pid) => say(`waits for process ${pid}, which starts it`),
    }),
  );
  return { host };
}

/**
 * Looks whether there is an engine or can be one, and changes nothing.
 * @throws UserError (DOCKER) where `ensureDocker` would.
 */
export async function expectDocker(): Promise<void> {
  const decision = await look();
  if (decision.do === "refuse") throw decision.error;
}

async function look(): Promise<Decision> {
  const where = findHost();
  return decide({ ...where, pong: await ping(where.host), ...machine() });
}

async function bringUp(progress: Progress, say: (detail: string) => void): Promise<void> {
  let now = await look();
  if (now.do === "install") {
    await install(say);
    now = await look();
  }
  if (now.do === "refuse") throw now.error;
  if (now.do === "use") return;
  say("starts");
  await startEngine(progress);
}

async function install(say: (detail: string) => void): Promise<void> {
  const packages = ["docker.io", "iptables"];
  // From Debian 13 on, the client is a package of its own.
  if (which("docker") === undefined && (await isInstallable("docker-cli")))
    packages.push("docker-cli");
  await aptInstall(packages, say);
  if (which("docker") === undefined || which("dockerd", withSbin()) === undefined)
    throw new UserError("DOCKER", "docker.io is installed, but has no client or no engine", {
      fix: "install Docker by hand and run the command again",
    });
}

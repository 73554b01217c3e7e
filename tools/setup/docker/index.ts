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
  const { host, chosenBy } = findHost();
  const look = async () => decide({ host, chosenBy, pong: await ping(host), ...machine() });
  const first = await look();
  if (first.do === "use") return { host };
  if (first.do === "refuse") throw first.error;
  await progress.step("Docker engine", (say) =>
    withLock("docker-engine", () => bringUp(progress, look, say), {
      onWait: (pid) => say(`waits for process ${pid}, which starts it`),
    }),
  );
  return { host };
}

async function bringUp(
  progress: Progress,
  look: () => Promise<Decision>,
  say: (detail: string) => void,
): Promise<void> {
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

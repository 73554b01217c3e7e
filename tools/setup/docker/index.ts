import type { Progress } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { aptInstall, isInstallable } from "../apt";
import { withLock } from "../cache";
import { which } from "../which";
import { look, type Sight } from "./look";
import { withSbin } from "./machine";
import { startEngine } from "./start";

/** A Docker engine that answers. */
export interface DockerEngine {
  /** As DOCKER_HOST has it. */
  host: string;
}

/**
 * Looks whether there is an engine or can be one, and changes nothing.
 * @throws UserError (DOCKER) telling what to do where there is none and none can be made.
 */
export async function expectDocker(): Promise<Sight> {
  const sight = await look();
  if (sight.decision.do === "refuse") throw sight.decision.error;
  return sight;
}

/**
 * Finds an engine that answers; where none is chosen by the user, installs and starts one (Debian or
 * Ubuntu, as root). Where one answers already, this is a ping.
 * @param expected What `expectDocker` found, where it was asked before.
 * @throws UserError (DOCKER) as `expectDocker`, or where the engine does not come up.
 */
export async function ensureDocker(progress: Progress, expected?: Sight): Promise<DockerEngine> {
  const { host, decision } = expected ?? (await expectDocker());
  if (decision.do === "use") return { host };
  await progress.step("Docker engine", (say) =>
    withLock("docker-engine", () => bringUp(progress, say), {
      onWait: (pid) => say(`waits for process ${pid}, which starts it`),
    }),
  );
  return { host };
}

async function bringUp(progress: Progress, say: (detail: string) => void): Promise<void> {
  let { decision } = await expectDocker();
  if (decision.do === "install") {
    await install(say);
    ({ decision } = await expectDocker());
  }
  if (decision.do === "use") return;
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

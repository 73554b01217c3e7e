import { UserError } from "../../lib/user-error";
import type { DockerHost } from "./host";
import type { Pong } from "./ping";

/** All that matters for what to do about the engine. */
export interface Situation extends DockerHost {
  pong: Pong;
  hasClient: boolean;
  /** Whether `dockerd` is installed here. */
  hasEngine: boolean;
  isRoot: boolean;
  canInstall: boolean;
}

export type Decision = { do: "use" | "start" | "install" } | { do: "refuse"; error: UserError };

/** What to do about the engine: nothing, start it, install it, or tell the person. */
export function decide(situation: Situation): Decision {
  const { pong, hasClient, hasEngine, isRoot, canInstall, host, chosenBy } = situation;
  if (pong.answers) {
    if (hasClient) return { do: "use" };
    if (canInstall) return { do: "install" };
    return refuse("there is no Docker client `docker` on PATH", {
      fix: "install Docker's command-line client",
    });
  }
  if (pong.kind === "forbidden") {
    return refuse(`the Docker engine may not be used by this user: ${pong.reason}`, {
      where: host,
      fix: "add yourself to its group (as root: usermod -aG docker USER) and log in again",
    });
  }
  if (chosenBy !== undefined || pong.kind === "silent") {
    return refuse(`the Docker engine at ${host} does not answer: ${pong.reason}`, {
      where: chosenBy ?? host,
      fix: chosenBy ? `start it, or choose another than ${chosenBy} does` : "restart it",
    });
  }
  if (hasEngine && hasClient && isRoot) return { do: "start" };
  if (canInstall) return { do: "install" };
  return refuse(
    hasEngine
      ? "the Docker engine is not running, and only root may start it"
      : "there is no Docker engine, and it can be installed only as root on Debian or Ubuntu",
    {
      where: host,
      fix: hasEngine
        ? "as root: systemctl start docker; or start Docker Desktop"
        : "install and start Docker, or set DOCKER_HOST to an engine that runs elsewhere",
    },
  );
}

function refuse(what: string, more: { where?: string; fix: string }): Decision {
  return { do: "refuse", error: new UserError("DOCKER", what, more) };
}

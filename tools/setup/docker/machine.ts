import { canInstall } from "../apt";
import { which } from "../which";
import type { Situation } from "./decide";

/** What this machine has, for the decision. Starts no process. */
export function machine(): Omit<Situation, "host" | "chosenBy" | "pong"> {
  return {
    hasClient: which("docker") !== undefined,
    hasEngine: which("dockerd", withSbin()) !== undefined,
    isRoot: process.getuid?.() === 0,
    canInstall: canInstall(),
  };
}

/** PATH with the directories where Debian puts the engine. */
export function withSbin(): NodeJS.ProcessEnv {
  return { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
}

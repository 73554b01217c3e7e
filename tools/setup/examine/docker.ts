import { capture } from "../../lib/run";
import type { Decision } from "../docker/decide";
import { look } from "../docker/look";
import { failed, passed, type Check } from "./check";

const ASK_TIMEOUT_MS = 10_000;
/** Where an engine that is yet to be installed will keep its data. */
const USUAL_ROOT = "/var/lib/docker";

/** What is found of the Docker client and engine. */
export interface FoundDocker {
  check: Check;
  host: string;
  /** Whether the engine answers now. */
  answers: boolean;
  /** The engine's data on this machine; undefined where it runs on another or cannot be asked. */
  root: string | undefined;
}

/** The Docker client and engine, and whether the engine answers now. */
export async function checkDocker(): Promise<FoundDocker> {
  const { host, answers, decision } = await look();
  const root = answers ? await rootOf(host) : USUAL_ROOT;
  return { check: judgeDocker(decision, host), host, answers, root };
}

async function rootOf(host: string): Promise<string | undefined> {
  if (!host.startsWith("unix:")) return undefined;
  const args = ["--host", host, "info", "--format", "{{.DockerRootDir}}"];
  const { code, stdout } = await capture("docker", args, { timeoutMs: ASK_TIMEOUT_MS });
  return code === 0 ? stdout.trim() : undefined;
}

export function judgeDocker(decision: Decision, host: string): Check {
  const name = "Docker";
  switch (decision.do) {
    case "use":
      return passed(name, `the engine at ${host} answers`);
    case "start":
      return passed(name, "installed and not running; npm run up starts it");
    case "install":
      return passed(name, "not complete; npm run up installs and starts docker.io");
    case "refuse":
      return failed(name, decision.error.message, decision.error.more.fix ?? "install Docker");
  }
}

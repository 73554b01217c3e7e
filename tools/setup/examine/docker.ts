import { decide, type Decision } from "../docker/decide";
import { findHost } from "../docker/host";
import { machine } from "../docker/machine";
import { ping } from "../docker/ping";
import { failed, passed, type Check } from "./check";

/** The Docker client and engine, and whether the engine answers now. */
export async function checkDocker(): Promise<{ check: Check; host: string; answers: boolean }> {
  const where = findHost();
  const pong = await ping(where.host);
  const check = judgeDocker(decide({ ...where, pong, ...machine() }), where.host);
  return { check, host: where.host, answers: pong.answers };
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

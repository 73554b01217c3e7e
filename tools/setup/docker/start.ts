import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { thisMachine } from "../../lib/machine";
import type { Progress } from "../../lib/progress";
import { capture } from "../../lib/run";
import { UserError } from "../../lib/user-error";
import { cacheDir } from "../cache";
import { DEFAULT_HOST } from "./host";
import { findFilter } from "./iptables";
import { ping } from "./ping";

const PID_FILE = "/var/run/docker.pid";
/** Of the engine's own containerd. The engine waits in vain for one that was killed. */
const CONTAINERD_PID_FILE = "/var/run/docker/containerd/containerd.pid";
const START_TIMEOUT_MS = 90_000;
const POLL_MS = 100;
const SYSTEM_PATH = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/**
 * Starts the installed engine and waits until it answers on the default socket: by systemd where that
 * runs, else by hand, as a process of its own that outlives this command. STEAMLINE_DOCKER_ROOT names
 * another place for its images, containers and volumes, so that no stack that stands in the usual one
 * comes up with it.
 * @throws UserError (DOCKER) with the end of its log where it does not come up.
 */
export async function startEngine(progress: Progress): Promise<void> {
  const root = process.env["STEAMLINE_DOCKER_ROOT"];
  if (existsSync("/run/systemd/system") && !root) return startBySystemd();
  const running = enginePid();
  if (running !== undefined) return waitForEngine(() => undefined, `process ${running}`);
  rmSync(PID_FILE, { force: true });
  if (runningPid(CONTAINERD_PID_FILE, "containerd") === undefined)
    rmSync(CONTAINERD_PID_FILE, { force: true });
  await startByHand(progress, root ? ["--data-root", root] : []);
}

async function startBySystemd(): Promise<void> {
  // A unit that failed too often in a row is not started again until that is forgotten.
  await capture("systemctl", ["reset-failed", "docker.service", "docker.socket"]);
  const { code, stderr } = await capture("systemctl", ["start", "docker.service"]);
  if (code !== 0) {
    throw new UserError("DOCKER", `the Docker engine cannot be started: ${stderr.trim()}`, {
      where: "systemd's unit docker.service",
      fix: "see why: journalctl -u docker.service",
    });
  }
  await waitForEngine(() => undefined, "journalctl -u docker.service");
}

async function startByHand(progress: Progress, args: readonly string[]): Promise<void> {
  const log = join(cacheDir(), "docker", "dockerd.log");
  mkdirSync(dirname(log), { recursive: true });
  const env = { ...process.env, PATH: [process.env["PATH"], ...SYSTEM_PATH].join(delimiter) };
  const filter = await findFilter(env);
  if (filter.note) progress.note(`Docker engine: ${filter.note}`);
  const output = openSync(log, "w");
  let ended: string | undefined;
  const engine = spawn("dockerd", [...filter.args, ...args], {
    cwd: "/",
    detached: true,
    env: { ...env, PATH: [...filter.path, env.PATH].join(delimiter) },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  engine.once("error", (error) => (ended = error.message));
  engine.once("exit", (code, signal) => (ended = `it ended with ${signal ?? `code ${code}`}`));
  engine.unref();
  await waitForEngine(() => ended, log);
}

async function waitForEngine(ended: () => string | undefined, where: string): Promise<void> {
  const until = Date.now() + START_TIMEOUT_MS;
  while (!(await ping(DEFAULT_HOST)).answers) {
    const end = ended() ?? (Date.now() > until ? "it does not answer" : undefined);
    if (end !== undefined) {
      throw new UserError("DOCKER", `the Docker engine does not come up: ${end}${endOf(where)}`, {
        where,
        fix: "mend what it names and run the command again, or start an engine yourself",
      });
    }
    await sleep(POLL_MS);
  }
}

/** The engine that runs on this machine, if one does. The file may be left by one that was killed. */
export function enginePid(file = PID_FILE): number | undefined {
  return runningPid(file, "dockerd");
}

function runningPid(file: string, program: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    // One that was killed keeps its name until its parent has noticed.
    const runs = thisMachine.startOf(pid) !== undefined;
    return pid > 0 && name === program && runs ? pid : undefined;
  } catch {
    return undefined;
  }
}

function endOf(log: string): string {
  try {
    const lines = readFileSync(log, "utf8").trim().split("\n");
    return `: ${lines.at(-1) ?? ""}`;
  } catch {
    return "";
  }
}

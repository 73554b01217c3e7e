import { existsSync, readFileSync, statfsSync } from "node:fs";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";
import { checkout } from "../../lib/paths";
import { capture } from "../../lib/run";
import { which } from "../which";
import { failed, passed, type Check } from "./check";

const GIB = 1024 ** 3;
/** Memory that the stack's containers and the build of its parts do with, in GiB. */
const MEMORY_GIB = 3;
/** Space for the stack's images and volumes, in GiB. */
const DOCKER_GIB = 3;

export function checkNode(): Check {
  const { engines } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as {
    engines: { node: string };
  };
  return passed("Node", `${process.version}, and ${engines.node} is needed`);
}

/** This runs on the packages, so it is about whether they are those of the lock file. */
export function checkPackages(): Check {
  const record = join(checkout, "node_modules", ".package-lock.json");
  return existsSync(record)
    ? passed("npm packages", "installed; each command brings them up to package-lock.json")
    : failed("npm packages", "not installed by npm", "npm ci");
}

export async function checkGit(): Promise<Check> {
  const git = which("git");
  if (git === undefined) return passed("git", "not on PATH, and not needed to run the stack");
  const { stdout } = await capture(git, ["--version"]);
  return passed("git", stdout.trim());
}

export function checkMemory(bytes = totalmem()): Check {
  const detail = `${gib(bytes)} GiB, and ${MEMORY_GIB} GiB is needed`;
  if (bytes >= MEMORY_GIB * GIB) return passed("memory", detail);
  return failed("memory", detail, "lower the memory limits in the config, or use a larger machine");
}

/** @param neededGib what `npm run up` is about to add there. */
export function checkDisk(name: string, directory: string, neededGib: number): Check {
  const { bavail, bsize } = statfsSync(nearest(directory));
  return judgeDisk(name, directory, Number(bavail) * Number(bsize), neededGib);
}

export function judgeDisk(name: string, place: string, free: number, neededGib: number): Check {
  const detail = `${gib(free)} GiB free in ${place}, and ${neededGib} GiB is needed`;
  if (free >= neededGib * GIB) return passed(name, detail);
  return failed(name, detail, "make room: docker image prune, docker volume ls, go clean -cache");
}

/** @param root The engine's data; undefined where it is not on this machine. */
export function checkDockerDisk(root: string | undefined): Check[] {
  // Elsewhere the engine runs in a machine of its own, whose paths are not to be found here.
  if (root === undefined || process.platform !== "linux") return [];
  return [checkDisk("disk for Docker", root, DOCKER_GIB)];
}

function nearest(directory: string): string {
  return existsSync(directory) ? directory : nearest(dirname(directory));
}

function gib(bytes: number): string {
  return (bytes / GIB).toFixed(1);
}

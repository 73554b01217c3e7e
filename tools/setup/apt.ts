import { readFileSync } from "node:fs";
import { capture } from "../lib/run";
import { UserError } from "../lib/user-error";
import { withLock } from "./cache";
import { which } from "./which";

/** Seconds that apt-get waits for another one that runs. */
const LOCK_TIMEOUT = 300;

/** Whether this is Debian or one of its children, by the text of /etc/os-release. */
export function isDebian(osRelease: string): boolean {
  return /^ID(?:_LIKE)?=.*\b(?:debian|ubuntu)\b/m.test(osRelease);
}

/** Whether packages of the system can be installed by us: Debian or Ubuntu, as root. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && isDebian(osRelease()) && which("apt-get") !== undefined;
}

/**
 * Installs Debian packages and what they need, no recommended ones, after fetching the lists of packages.
 * @throws UserError with the code and apt's own words where it fails.
 */
export async function aptInstall(
  packages: readonly string[],
  say: (detail: string) => void = () => undefined,
): Promise<void> {
  await withLock(
    "apt",
    async () => {
      say("apt-get update");
      await apt(["update"]);
      say(`apt-get install ${packages.join(" ")}`);
      await apt(["install", "--yes", "--no-install-recommends", ...packages]);
    },
    { onWait: (pid) => say(`waits for process ${pid}, which installs packages`) },
  );
}

/** Whether the lists of packages know `name`. */
export async function isInstallable(name: string): Promise<boolean> {
  const { code, stdout } = await capture("apt-cache", ["policy", name]);
  return code === 0 && /^ +Candidate: (?!\(none\))/m.test(stdout);
}

async function apt(args: readonly string[]): Promise<void> {
  const options = ["--quiet", "-o", `DPkg::Lock::Timeout=${LOCK_TIMEOUT}`];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
  const finished = await capture("apt-get", [...options, ...args], { env });
  if (finished.code === 0) return;
  const said = finished.stderr.split("\n").filter((line) => line.startsWith("E: "));
  throw new UserError(
    "INSTALL",
    `apt-get ${args[0] ?? ""} failed: ${said.join(" ") || finished.stderr.trim().slice(-300)}`,
    { fix: `run it by hand: apt-get ${args.join(" ")}` },
  );
}

function osRelease(): string {
  try {
    return readFileSync("/etc/os-release", "utf8");
  } catch {
    return "";
  }
}

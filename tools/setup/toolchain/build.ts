import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Progress } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { cachePlace, isCached, once } from "../cache";
import { toolVersions } from "../versions";
import { componentKey, neededGo, type Component } from "./components";
import { ensureGo } from "./go";

/** How many are built side by side. One that links uses a single core. */
const AT_ONCE = 2;

/**
 * Programs built from Go modules, as directories of the cache that hold one each. Those built before
 * are taken as they are.
 * @throws UserError (TOOLCHAIN) with the compiler's own words where one cannot be built.
 */
export async function buildComponents(
  wanted: readonly Component[],
  progress: Progress,
): Promise<string[]> {
  const missing = wanted.filter((part) => !isCached(cacheName(part), componentKey(part)));
  if (missing.length > 0) {
    const go = await progress.step("Go", (say) =>
      ensureGo(missing[0]?.title ?? "", neededGo(missing), toolVersions().go, say),
    );
    const queue = [...missing];
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await build(go, next, progress);
    };
    // All have to end, or the one that fails would leave others running behind the error's words.
    const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
    for (const end of ended) if (end.status === "rejected") throw end.reason;
  }
  return wanted.map((part) => cachePlace(cacheName(part), componentKey(part)));
}

function cacheName({ program }: Component): string {
  return `built/${program}`;
}

async function build(go: string, part: Component, progress: Progress): Promise<void> {
  await progress.step(`${part.title} from Go modules`, (say) =>
    once(cacheName(part), componentKey(part), (dir) => compile(go, part, dir, say), {
      onWait: (pid) => say(`waits for process ${pid}, which builds it`),
    }),
  );
}

function compile(
  go: string,
  { program, directory, args, title }: Component,
  dir: string,
  say: (detail: string) => void,
): Promise<void> {
  const env = {
    ...process.env,
    // Neither a C compiler nor a workspace around the checkout is to matter.
    CGO_ENABLED: "0",
    GOWORK: "off",
    GOFLAGS: "-mod=readonly -buildvcs=false",
    GOTOOLCHAIN: "local",
  };
  return new Promise((resolve, reject) => {
    const child = spawn(go, ["build", "-o", join(dir, program), ...args], {
      cwd: directory,
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let modules = 0;
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      for (const line of chunk.split("\n")) {
        if (line.startsWith("go: downloading")) modules += 1;
        else if (line !== "") said += `${line}\n`;
      }
      if (modules > 0) say(`${modules} modules fetched`);
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) return resolve();
      const words = said.trim().split("\n").slice(-5).join("; ");
      const full = /no space left on device/.test(said);
      reject(
        new UserError(
          full ? "DISK_FULL" : "TOOLCHAIN",
          `${title} cannot be built: ${words || `go ended with ${signal ?? code}`}`,
          {
            where: directory,
            fix: full
              ? "make room, and run the command again; what was built so far is kept"
              : "check that Go's module proxy can be reached (go env GOPROXY), and run the command again",
          },
        ),
      );
    });
  });
}

import { chmodSync, existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { capture } from "../../lib/run";
import { UserError } from "../../lib/user-error";
import { aptInstall, canInstall } from "../apt";
import { cachePlace, once } from "../cache";
import { findVersion, isAtLeast } from "../versions";
import { which } from "../which";

/** Where official tarballs put it, which not every shell has on PATH. */
const USUAL_PLACE = "/usr/local/go/bin/go";

/** The `go` of this machine, of whatever version. */
export function findGo(): string | undefined {
  return which("go") ?? (existsSync(USUAL_PLACE) ? USUAL_PLACE : undefined);
}

/**
 * A Go that is `oldest` or newer: the machine's own, else `pinned`, which an older one fetches as the Go
 * module that toolchains are published as. Where there is none, Debian's is installed for that.
 * `title` is what it is to build.
 * @throws UserError (TOOLCHAIN) telling how to get one.
 */
export async function ensureGo(
  title: string,
  oldest: string,
  pinned: string,
  say: (detail: string) => void,
): Promise<string> {
  if (findGo() === undefined && canInstall()) await aptInstall(["golang-go"], say);
  const go = findGo();
  if (go === undefined) {
    throw new UserError("TOOLCHAIN", `${title} has to be built here, and there is no Go`, {
      where: "PATH",
      fix: `install Go ${oldest} or newer, or ${title} itself`,
    });
  }
  if (isAtLeast((await goVersion(go)) ?? "0", oldest)) return go;
  const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const place = await once("go", `${pinned}-${platform}`, (dir) => {
    say(`fetches Go ${pinned}`);
    return fetchGo(go, `v0.0.1-go${pinned}.${platform}`, dir);
  });
  return join(place, "bin", "go");
}

/** Whether a Go newer than the machine's was fetched before. */
export function hasFetchedGo(pinned: string): boolean {
  const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  return existsSync(cachePlace("go", `${pinned}-${platform}`));
}

/** The version of a `go`, not that of a toolchain it would switch to. */
export async function goVersion(go: string): Promise<string | undefined> {
  const env = { ...process.env, GOTOOLCHAIN: "local" };
  const { code, stdout } = await capture(go, ["version"], { env, cwd: "/" });
  return code === 0 ? findVersion(stdout) : undefined;
}

async function fetchGo(go: string, version: string, dir: string): Promise<void> {
  const modules = join(dir, "modules");
  const env = { ...process.env, GOMODCACHE: modules, GOFLAGS: "-modcacherw", GOTOOLCHAIN: "local" };
  const module = `golang.org/toolchain@${version}`;
  const finished = await capture(go, ["mod", "download", module], { env, cwd: dir });
  if (finished.code !== 0) {
    throw new UserError("TOOLCHAIN", `a newer Go cannot be had: ${finished.stderr.trim()}`, {
      where: go,
      fix: "install a current Go by hand",
    });
  }
  const unpacked = join(modules, module);
  for (const name of readdirSync(unpacked)) renameSync(join(unpacked, name), join(dir, name));
  rmSync(modules, { recursive: true, force: true });
  // Modules carry no rights to execute.
  for (const programs of [join(dir, "bin"), ...toolDirectories(dir)])
    for (const name of readdirSync(programs)) chmodSync(join(programs, name), 0o755);
}

function toolDirectories(root: string): string[] {
  const tools = join(root, "pkg", "tool");
  return readdirSync(tools).map((name) => join(tools, name));
}

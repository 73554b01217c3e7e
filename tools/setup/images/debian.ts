import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import versions from "../../../infra/images/versions.json";
import { readIfThere } from "../../lib/files";
import type { Progress } from "../../lib/progress";
import { UserError } from "../../lib/user-error";
import { canInstall } from "../apt";
import { once } from "../cache";
import { findRelease, parseList, parseSources, type Release } from "./apt-sources";
import { imagesDir } from "./contents";
import { ensureProgram } from "./prerequisites";
import { watched } from "./watched";

const FIX =
  "check that apt-get update works on this machine, and run the command again: finished parts are kept";
/** Whatever the scripts mount or start ends with them, also when they are killed. */
const NAMESPACES = ["--mount", "--pid", "--fork", "--kill-child"];

/** A directory with `rootfs.tar`, a small Debian (or Ubuntu) made of the machine's own mirror. */
export function debianRoot(key: string, progress: Progress): Promise<string> {
  return once("debian", key, (out) =>
    progress.step("Debian base", async (say) => {
      await ensureProgram("debootstrap", "debootstrap", say);
      const { suite, mirror, components, check, sources } = machineRelease();
      const args = [out, suite, mirror, components.join(","), writeSources(out, sources), ...check];
      await inNamespaces("make-debian", args, "making a Debian base", say);
    }),
  );
}

/** A directory with `layer.tar`, what `packages` add to the root file system in `rootDir`. */
export function packageLayer(
  key: string,
  rootDir: string,
  packages: readonly string[],
  progress: Progress,
): Promise<string> {
  return once("debian-packages", key, (out) =>
    progress.step(packages.join(" "), async (say) => {
      const sources = writeSources(out, machineRelease().sources);
      const args = [out, join(rootDir, "rootfs.tar"), sources, ...packages];
      await inNamespaces("add-packages", args, `installing ${packages.join(" ")}`, say);
    }),
  );
}

async function inNamespaces(
  script: string,
  args: readonly string[],
  title: string,
  say: (line: string) => void,
): Promise<void> {
  if (!canInstall()) {
    throw new UserError("IMAGE", "images can be built only as root on Debian or Ubuntu", {
      where: title,
      fix: "run the command as root once, or use official images: npm run pulumi -- config set imageSource registry",
    });
  }
  const path = join(imagesDir, "base", script);
  await watched("unshare", [...NAMESPACES, path, ...args], { say, title, where: path, fix: FIX });
}

function writeSources(out: string, sources: string): string {
  const file = join(out, "sources.list");
  writeFileSync(file, sources);
  return file;
}

function machineRelease(): Release {
  const parts = "/etc/apt/sources.list.d";
  const files = ["/etc/apt/sources.list", ...list(parts).map((name) => join(parts, name))];
  const entries = files.flatMap((file) => {
    const text = readIfThere(file) ?? "";
    if (file.endsWith(".sources")) return parseSources(text);
    return file.endsWith(".list") ? parseList(text) : [];
  });
  const osRelease = readIfThere("/etc/os-release") ?? "";
  const release = findRelease(entries, osRelease, versions.local.debian);
  if (release) return release;
  throw new UserError("IMAGE", "apt's configuration names no mirror of the machine's own release", {
    where: "/etc/apt",
    fix: "add one (`deb MIRROR RELEASE main`), see that apt-get update works, and run the command again",
  });
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}

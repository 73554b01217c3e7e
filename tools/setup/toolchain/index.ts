import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, linkSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { checkout } from "../../lib/paths";
import type { Progress } from "../../lib/progress";
import { cachePlace, isCached, once } from "../cache";
import { toolVersions, type ToolVersions } from "../versions";
import { buildComponents } from "./build";
import { componentKey, components, type Component } from "./components";
import { linkPlugins } from "./home";
import { installedCli, isNewEnough, missingPlugins, wantedPlugins, type Cli } from "./installed";
import { downloadCli, downloadedCli, installPlugins, releasesAnswer } from "./release";

/** The Pulumi CLI with its Node.js host and the stack's provider plugins. */
export interface Toolchain {
  /** Has to stand first on PATH wherever Pulumi is called. */
  binDir: string;
  /** The CLI itself. */
  pulumi: string;
  /** To be set wherever Pulumi is called; none where plugins are in the user's own Pulumi. */
  variables: Record<string, string>;
}

/** Runs dynamic resources; comes with the npm package. */
const DYNAMIC_PROVIDER = "pulumi-resource-pulumi-nodejs";
const PLUGIN = "pulumi-resource-";

/**
 * Finds Pulumi and the provider plugins on this machine, else downloads their releases, else builds them
 * from Go modules. Whatever was found, downloaded or built before is seen without starting a process.
 * @throws UserError (TOOLCHAIN) telling what is missing where none of that works.
 */
export async function ensureToolchain(progress: Progress): Promise<Toolchain> {
  const versions = toolVersions();
  const installed = await installedCli();
  const usable = installed && isNewEnough(installed, versions) ? installed : undefined;
  const missing = missingPlugins(versions);
  const ready = usable ?? downloadedCli(versions.cli);
  if (ready && missing.length === 0) return official(ready);

  const needed = neededParts(versions, usable);
  if (isCached("toolchain", toolchainKey(needed))) return built(versions, needed, usable);
  if (installed && !usable)
    progress.note(
      `${installed.pulumi} is ${installed.version}, older than ${versions.oldestCli}: it is left aside`,
    );
  return (
    (await fetchOfficial(versions, ready, progress)) ??
    (await build(versions, needed, usable, progress))
  );
}

/** What has to be built: everything, or the plugins alone where there is a usable CLI. */
export function neededParts(versions: ToolVersions, usable: Cli | undefined): Component[] {
  const all = components(versions);
  if (!usable) return all;
  return all.filter(({ program }) => isPlugin(program));
}

/** Whether these were built before. */
export function isBuilt(parts: readonly Component[]): boolean {
  return isCached("toolchain", toolchainKey(parts));
}

function official(cli: Cli): Toolchain {
  return { binDir: dirname(cli.pulumi), pulumi: cli.pulumi, variables: {} };
}

function built(
  versions: ToolVersions,
  parts: readonly Component[],
  usable: Cli | undefined,
): Toolchain {
  const directory = cachePlace("toolchain", toolchainKey(parts));
  const pulumi = usable?.pulumi ?? join(directory, "bin", "pulumi");
  const variables = linkPlugins(wantedPlugins(versions), ({ name }) =>
    join(directory, "plugins", `${PLUGIN}${name}`),
  );
  return { binDir: dirname(pulumi), pulumi, variables };
}

async function fetchOfficial(
  versions: ToolVersions,
  ready: Cli | undefined,
  progress: Progress,
): Promise<Toolchain | undefined> {
  if (!(await releasesAnswer(versions.cli))) return undefined;
  try {
    const cli = ready ?? (await downloadCli(versions.cli, progress));
    await installPlugins(cli, missingPlugins(versions), progress);
    return official(cli);
  } catch (error) {
    progress.note(`Pulumi's releases cannot be had (${String(error)}), so they are built`);
    return undefined;
  }
}

async function build(
  versions: ToolVersions,
  parts: readonly Component[],
  usable: Cli | undefined,
  progress: Progress,
): Promise<Toolchain> {
  const places = await buildComponents(parts, progress);
  await once("toolchain", toolchainKey(parts), async (dir) => {
    const bin = join(dir, "bin");
    const plugins = join(dir, "plugins");
    mkdirSync(bin);
    mkdirSync(plugins);
    parts.forEach(({ program }, i) =>
      place(join(places[i] ?? "", program), isPlugin(program) ? plugins : bin),
    );
    const script = join(checkout, "node_modules", "@pulumi", "pulumi", DYNAMIC_PROVIDER);
    copyFileSync(script, join(bin, DYNAMIC_PROVIDER));
    chmodSync(join(bin, DYNAMIC_PROVIDER), 0o755);
  });
  return built(versions, parts, usable);
}

/** A second name for the file, or a copy where the file system knows no such thing. */
function place(program: string, bin: string): void {
  const target = join(bin, basename(program));
  try {
    linkSync(program, target);
  } catch {
    copyFileSync(program, target);
  }
}

function isPlugin(program: string): boolean {
  return program.startsWith(PLUGIN);
}

function toolchainKey(parts: readonly Component[]): string {
  const keys = parts.map((part) => `${part.program} ${componentKey(part)}`);
  return createHash("sha256")
    .update(["bin, plugins", ...keys].join("\n"))
    .digest("hex")
    .slice(0, 16);
}

import { mkdirSync, readlinkSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { localDir } from "../../lib/paths";
import type { Plugin } from "./installed";

/** Pulumi's home directory for this checkout, where its plugins were built here. */
const ownHome = join(localDir, "pulumi");

/** Pulumi's home directory as the user has it. */
export function userHome(env: NodeJS.ProcessEnv = process.env): string {
  const fallback = join(env["HOME"] || homedir(), ".pulumi");
  if (env["PULUMI_HOME"] !== ownHome) return env["PULUMI_HOME"] || fallback;
  return env["PULUMI_CREDENTIALS_PATH"] || fallback;
}

/**
 * Puts plugins built here where Pulumi's plugin manager looks, and names the variables that make it look
 * there. On PATH it would warn of each; in the user's own home other projects would pick them up.
 * @param place of a plugin's program.
 */
export function linkPlugins(
  plugins: readonly Plugin[],
  place: (plugin: Plugin) => string,
  env: NodeJS.ProcessEnv = process.env,
  home = ownHome,
): Record<string, string> {
  for (const plugin of plugins) {
    const { name, version } = plugin;
    link(pluginProgram(home, { name, version }), place(plugin));
  }
  withoutLogs(home);
  return {
    PULUMI_HOME: home,
    // Whoever is logged in to a backend stays so.
    PULUMI_CREDENTIALS_PATH: env["PULUMI_CREDENTIALS_PATH"] || userHome(env),
  };
}

/**
 * Pulumi writes an encrypted log of all that each command does, up to 500 MB of them, which only its makers' support
 * reads; a tenth of a preview's time went into it, and no option turns it off. A file where the directory would be
 * does. A directory that someone made stays.
 */
function withoutLogs(home: string): void {
  mkdirSync(home, { recursive: true });
  try {
    writeFileSync(
      join(home, "logs"),
      "In place of the directory in which Pulumi would log each command. For its logs, make this a directory.\n",
      { flag: "wx" },
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Where the plugin manager keeps a plugin's program. */
export function pluginProgram(home: string, { name, version }: Plugin): string {
  return join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
}

function link(file: string, target: string): void {
  if (readIfLink(file) === target) return;
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  symlinkSync(target, draft);
  renameSync(draft, file);
}

function readIfLink(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

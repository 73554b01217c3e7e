import { existsSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join, sep } from "node:path";
import { z } from "zod";
import { readIfThere, writeWhole } from "../../lib/files";
import { capture } from "../../lib/run";
import { cacheDir } from "../cache";
import { findVersion, isAtLeast, type ToolVersions } from "../versions";
import { which } from "../which";
import { pluginProgram, userHome } from "./home";

/** A Pulumi CLI that was not built by us. */
export interface Cli {
  pulumi: string;
  version: string;
}

/** A provider plugin, as Pulumi's plugin manager names it. */
export interface Plugin {
  name: "docker" | "kafka";
  version: string;
}

const LANGUAGE_HOST = "pulumi-language-nodejs";
const stampSchema = z.object({ file: z.string(), mark: z.string(), version: z.string() });

/** The CLI on PATH, whatever its version, if it has the Node.js host; those of the cache do not count. */
export async function installedCli(env: NodeJS.ProcessEnv = process.env): Promise<Cli | undefined> {
  const own = cacheDir() + sep;
  const directories = (env["PATH"] ?? "").split(delimiter);
  const path = directories.filter((directory) => !`${directory}${sep}`.startsWith(own));
  const foreign = { ...env, PATH: path.join(delimiter) };
  const pulumi = which("pulumi", foreign);
  if (pulumi === undefined) return undefined;
  const beside = join(dirname(realpathSync(pulumi)), LANGUAGE_HOST);
  if (which(LANGUAGE_HOST, foreign) === undefined && !existsSync(beside)) return undefined;
  const version = await versionOf(pulumi);
  return version === undefined ? undefined : { pulumi, version };
}

/** Whether the stack's program runs on this CLI. */
export function isNewEnough(cli: Cli, versions: ToolVersions): boolean {
  return isAtLeast(cli.version, versions.oldestCli);
}

/** The version of a CLI, asked once and remembered until the file changes. */
async function versionOf(pulumi: string): Promise<string | undefined> {
  const stampFile = join(cacheDir(), "pulumi-on-path.json");
  const { mtimeMs, size, ino } = statSync(pulumi);
  const mark = `${mtimeMs} ${size} ${ino}`;
  const stamp = readStamp(readIfThere(stampFile));
  if (stamp?.file === pulumi && stamp.mark === mark) return stamp.version;
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { code, stdout } = await capture(pulumi, ["version"], { env, timeoutMs: 30_000 });
  const version = code === 0 ? findVersion(stdout) : undefined;
  if (version !== undefined)
    writeWhole(stampFile, JSON.stringify({ file: pulumi, mark, version }), 0o644);
  return version;
}

function readStamp(text: string | undefined): z.infer<typeof stampSchema> | undefined {
  try {
    return stampSchema.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}

/** The provider plugins that the stack needs. */
export function wantedPlugins(versions: ToolVersions): Plugin[] {
  return [
    { name: "docker", version: versions.docker },
    { name: "kafka", version: versions.kafka },
  ];
}

/** Those of them that the user's own Pulumi does not have yet. */
export function missingPlugins(
  versions: ToolVersions,
  env: NodeJS.ProcessEnv = process.env,
): Plugin[] {
  return wantedPlugins(versions).filter((plugin) => {
    const program = pluginProgram(userHome(env), plugin);
    // The manager leaves this file beside a plugin's directory while it unpacks it.
    return !existsSync(program) || existsSync(`${dirname(program)}.partial`);
  });
}

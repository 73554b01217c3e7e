import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import { readIfThere } from "../../lib/files";

/** Where the Docker engine is expected, and who says so. */
export interface DockerHost {
  /** As DOCKER_HOST has it: `unix:///var/run/docker.sock`. */
  host: string;
  /** What chose it, for people; undefined for the default. */
  chosenBy: string | undefined;
}

export const DEFAULT_HOST = "unix:///var/run/docker.sock";

/** What the Docker client would use: DOCKER_HOST, else its context, else the default socket. */
export function findHost(env: NodeJS.ProcessEnv = process.env): DockerHost {
  if (env["DOCKER_HOST"]) return { host: env["DOCKER_HOST"], chosenBy: "DOCKER_HOST" };
  const config = env["DOCKER_CONFIG"] || join(env["HOME"] || homedir(), ".docker");
  const context = env["DOCKER_CONTEXT"] || currentContext(config);
  if (!context || context === "default") return { host: DEFAULT_HOST, chosenBy: undefined };
  const host = hostOf(config, context);
  return host === undefined
    ? { host: DEFAULT_HOST, chosenBy: undefined }
    : { host, chosenBy: `Docker's context ${context}` };
}

function currentContext(config: string): string | undefined {
  const content = readJson<{ currentContext?: unknown }>(join(config, "config.json"));
  return typeof content?.currentContext === "string" ? content.currentContext : undefined;
}

function hostOf(config: string, context: string): string | undefined {
  const directory = createHash("sha256").update(context).digest("hex");
  const meta = readJson<{ Endpoints?: { docker?: { Host?: unknown } } }>(
    join(config, "contexts", "meta", directory, "meta.json"),
  );
  const host = meta?.Endpoints?.docker?.Host;
  return typeof host === "string" && host !== "" ? host : undefined;
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readIfThere(file) ?? "null") as T;
  } catch {
    return undefined;
  }
}

import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { capture } from "../run";
import { UserError } from "../user-error";
import { MANIFEST } from "./manifest";

/** Where the engine writes back-ups and reads them, in either image. */
const DIRECTORY = "/var/lib/clickhouse/backups";

/** Carries back-ups between the directory that an engine writes them to and a file. */
export interface Vault {
  /** Puts a manifest into a back-up and writes all of it to `file`, whole or not at all. */
  take(id: string, manifest: string, file: string): Promise<void>;
  /** Lays a file's back-up before the engine. */
  put(id: string, file: string): Promise<void>;
  /** Removes what is left of one before the engine. */
  remove(id: string): Promise<void>;
}

/** The vault of an engine that runs in a container. @throws UserError (DOCKER), (DISK_FULL) */
export function containerVault(container: string, env: NodeJS.ProcessEnv): Vault {
  const inside = async (script: string, input?: string) => {
    // The official image runs as root, the one with the door as clickhouse.
    const args = ["exec", "-i", "-u", "0", container, "sh", "-ec", script];
    const done = await capture("docker", args, { env, input: input ?? "" });
    if (done.code !== 0) throw failure(container, done.stderr);
  };
  return {
    take: async (id, manifest, file) => {
      await inside(`cat >${DIRECTORY}/${id}/${MANIFEST}`, manifest);
      mkdirSync(dirname(file), { recursive: true });
      const draft = `${file}.${process.pid}.tmp`;
      try {
        await copy(["cp", `${container}:${DIRECTORY}/${id}`, "-"], env, { to: draft });
        renameSync(draft, file);
      } finally {
        rmSync(draft, { force: true });
      }
    },
    put: async (id, file) => {
      await inside(
        `rm -rf ${DIRECTORY}/${id}; mkdir -p ${DIRECTORY}; chown --reference=/var/lib/clickhouse ${DIRECTORY}`,
      );
      await copy(["cp", "-", `${container}:${DIRECTORY}`], env, { from: file });
    },
    remove: (id) => inside(`rm -rf ${DIRECTORY}/${id}`),
  };
}

/** Runs the Docker client with its standard input or output on a file. */
async function copy(
  args: string[],
  env: NodeJS.ProcessEnv,
  { from, to }: { from?: string; to?: string },
): Promise<void> {
  const [input, output] = [from && openSync(from, "r"), to && openSync(to, "wx", 0o600)];
  let said = "";
  try {
    const code = await new Promise<number | null>((resolve) => {
      const child = spawn("docker", args, {
        env,
        stdio: [input || "ignore", output || "ignore", "pipe"],
      });
      child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
      child.once("error", (error) => {
        said = error.message;
        resolve(127);
      });
      child.once("close", resolve);
    });
    if (code !== 0) throw failure(args.join(" "), said);
  } finally {
    for (const descriptor of [input, output])
      if (typeof descriptor === "number") closeSync(descriptor);
  }
}

function failure(where: string, said: string): UserError {
  const words = said.trim().split("\n").at(-1) ?? "";
  const full = /no space left/i.test(words);
  return new UserError(
    full ? "DISK_FULL" : "DOCKER",
    `the back-up could not be carried: ${words || "docker failed without a word"}`,
    {
      where,
      fix: full
        ? "make room: a back-up needs the size of the data once more, in the container's volume and in the file"
        : "npm run status tells whether the container runs",
    },
  );
}

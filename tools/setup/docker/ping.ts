import { request } from "node:http";
import { capture } from "../../lib/run";

/** What an engine says to a ping. */
export type Pong =
  { answers: true } | { answers: false; kind: "absent" | "forbidden" | "silent"; reason: string };

const TIMEOUT_MS = 3000;
/** For connections made by the Docker client itself, such as ssh. */
const CLIENT_TIMEOUT_MS = 20_000;

/** Asks the engine at `host` whether it is there. Sockets and plain TCP are asked without a process. */
export async function ping(host: string, env: NodeJS.ProcessEnv = process.env): Promise<Pong> {
  const url = new URL(host.replace(/^unix:\/\//, "unix:"));
  if (url.protocol === "unix:") return pingHttp({ socketPath: url.pathname });
  if (url.protocol === "tcp:" && !env["DOCKER_TLS_VERIFY"] && !env["DOCKER_TLS"])
    return pingHttp({ host: url.hostname, port: url.port || "2375" });
  return pingClient(host, env);
}

/** What a failed connection means. */
export function meaningOf(code: string | undefined): "absent" | "forbidden" | "silent" {
  if (code === "EACCES" || code === "EPERM") return "forbidden";
  return code === "ENOENT" || code === "ECONNREFUSED" || code === "ENOTDIR" ? "absent" : "silent";
}

function pingHttp(target: { socketPath: string } | { host: string; port: string }): Promise<Pong> {
  return new Promise((resolve) => {
    const asked = request({ ...target, path: "/_ping", timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      if (status === 200) resolve({ answers: true });
      else resolve({ answers: false, kind: "silent", reason: `its answer is HTTP ${status}` });
    });
    asked.once("timeout", () =>
      asked.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)),
    );
    asked.once("error", (error: NodeJS.ErrnoException) =>
      resolve({ answers: false, kind: meaningOf(error.code), reason: error.message }),
    );
    asked.end();
  });
}

async function pingClient(host: string, env: NodeJS.ProcessEnv): Promise<Pong> {
  const args = ["--host", host, "version", "--format", "{{.Server.Version}}"];
  const { code, stderr } = await capture("docker", args, { env, timeoutMs: CLIENT_TIMEOUT_MS });
  if (code === 0) return { answers: true };
  return { answers: false, kind: "silent", reason: stderr.trim() || `docker ended with ${code}` };
}

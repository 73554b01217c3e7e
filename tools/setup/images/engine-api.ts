import { request, type RequestOptions } from "node:http";
import { capture } from "../../lib/run";

/** What the images' set-up asks of a Docker engine. */
export interface ImageStore {
  /** Those of `references` that the engine has. */
  present(references: readonly string[]): Promise<Set<string>>;
  /** Why the engine cannot fetch the image from its registry; undefined where it can. */
  lookUp(reference: string): Promise<string | undefined>;
}

const LOCAL_TIMEOUT_MS = 15_000;
const REGISTRY_TIMEOUT_MS = 10_000;

/** The images of the engine at `host`. Sockets and plain TCP are asked without a process. */
export function imageStore(host: string, env: NodeJS.ProcessEnv = process.env): ImageStore {
  const target = plainTarget(host, env);
  return target ? storeOverHttp(target) : storeOverClient(host, env);
}

function plainTarget(host: string, env: NodeJS.ProcessEnv): RequestOptions | undefined {
  if (host.startsWith("unix://")) return { socketPath: host.slice("unix://".length) };
  if (!host.startsWith("tcp://") || env["DOCKER_TLS_VERIFY"] || env["DOCKER_TLS"]) return undefined;
  const url = new URL(host);
  return { host: url.hostname, port: url.port || "2375" };
}

function storeOverHttp(target: RequestOptions): ImageStore {
  return {
    async present(references) {
      const filters = encodeURIComponent(JSON.stringify({ reference: references }));
      const { body } = await get(target, `/images/json?filters=${filters}`, LOCAL_TIMEOUT_MS);
      const images = JSON.parse(body) as { RepoTags: string[] | null }[];
      const tags = new Set(images.flatMap(({ RepoTags }) => RepoTags ?? []));
      return new Set(references.filter((reference) => tags.has(reference)));
    },
    async lookUp(reference) {
      try {
        const path = `/distribution/${reference}/json`;
        const { status, body } = await get(target, path, REGISTRY_TIMEOUT_MS);
        return status === 200 ? undefined : messageIn(body);
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  };
}

function storeOverClient(host: string, env: NodeJS.ProcessEnv): ImageStore {
  const client = (args: string[], timeoutMs: number) =>
    capture("docker", ["--host", host, ...args], { env, timeoutMs });
  return {
    async present(references) {
      const found = await Promise.all(
        references.map((reference) => client(["image", "inspect", reference], LOCAL_TIMEOUT_MS)),
      );
      return new Set(references.filter((_, i) => found[i]?.code === 0));
    },
    async lookUp(reference) {
      const { code, stderr } = await client(
        ["manifest", "inspect", reference],
        REGISTRY_TIMEOUT_MS,
      );
      return code === 0 ? undefined : stderr.trim() || `no answer within ${REGISTRY_TIMEOUT_MS} ms`;
    },
  };
}

function get(
  target: RequestOptions,
  path: string,
  timeoutMs: number,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const asked = request({ ...target, path, signal }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body }));
      response.once("error", reject);
    });
    asked.once("error", (error) =>
      reject(signal.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error),
    );
    asked.end();
  });
}

function messageIn(body: string): string {
  try {
    return (JSON.parse(body) as { message: string }).message;
  } catch {
    return body.trim();
  }
}

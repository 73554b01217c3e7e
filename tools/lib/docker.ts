import { capture } from "./run";
import { UserError } from "./user-error";

export interface DockerContainer {
  id: string;
  name: string;
  /** created, running, paused, restarting, exited, dead. */
  state: string;
  /** As `docker ps` words it: `Up 5 minutes (healthy)`. */
  status: string;
  /** Ports it publishes on the host. */
  ports: number[];
  /** The stack it carries the label of. */
  stack: string | undefined;
}

export interface DockerObject {
  id: string;
  name: string;
}

export interface StackObjects {
  containers: DockerContainer[];
  networks: DockerObject[];
  volumes: string[];
}

const TIMEOUT_MS = 15_000;

/** Runs the Docker client. @throws UserError (DOCKER) with its words where it fails. */
export async function docker(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const finished = await capture("docker", args, { env, timeoutMs: TIMEOUT_MS * 4 });
  if (finished.code === 0) return finished.stdout;
  const said = finished.stderr.trim().split("\n").at(-1) ?? "";
  throw new UserError(
    "DOCKER",
    `docker ${args.slice(0, 2).join(" ")} failed: ${said || `code ${finished.code}`}`,
    {
      fix: "npm run doctor tells whether the Docker engine answers",
    },
  );
}

/** All containers of the engine. */
export async function listContainers(env: NodeJS.ProcessEnv): Promise<DockerContainer[]> {
  const format = [
    "{{.ID}}",
    "{{.Names}}",
    "{{.State}}",
    "{{.Status}}",
    "{{.Ports}}",
    '{{.Label "steamline.stack"}}',
  ];
  const listed = await docker(["ps", "-a", "--no-trunc", "--format", format.join("\t")], env);
  return lines(listed).map(parseContainer);
}

/** One line of `docker ps` in the format above. */
export function parseContainer(line: string): DockerContainer {
  const [id = "", name = "", state = "", status = "", ports = "", stack = ""] = line.split("\t");
  const published = [...ports.matchAll(/:(\d+)->/g)].map((match) => Number(match[1]));
  return { id, name, state, status, ports: [...new Set(published)], stack: stack || undefined };
}

/** What carries the stack's label. */
export async function listStackObjects(
  stack: string,
  env: NodeJS.ProcessEnv,
): Promise<StackObjects> {
  const filter = ["--filter", `label=steamline.stack=${stack}`];
  const [containers, networks, volumes] = await Promise.all([
    listContainers(env),
    docker(["network", "ls", "--no-trunc", ...filter, "--format", "{{.ID}}\t{{.Name}}"], env),
    docker(["volume", "ls", ...filter, "--format", "{{.Name}}"], env),
  ]);
  return {
    containers: containers.filter((container) => container.stack === stack),
    networks: lines(networks).map((line) => {
      const [id = "", name = ""] = line.split("\t");
      return { id, name };
    }),
    volumes: lines(volumes),
  };
}

/** Names of all there is, for people. */
export function nameObjects(objects: StackObjects): string[] {
  return [
    ...objects.containers.map(({ name }) => `container ${name}`),
    ...objects.networks.map(({ name }) => `network ${name}`),
    ...objects.volumes.map((name) => `volume ${name}`),
  ];
}

/** Bytes that a volume takes on disk; undefined where the engine does not tell. */
export async function volumeSizes(env: NodeJS.ProcessEnv): Promise<Map<string, string>> {
  const finished = await capture(
    "docker",
    ["system", "df", "-v", "--format", "{{json .Volumes}}"],
    {
      env,
      timeoutMs: TIMEOUT_MS,
    },
  );
  try {
    const volumes = JSON.parse(finished.stdout) as { Name: string; Size: string }[];
    return new Map(volumes.map(({ Name, Size }) => [Name, Size]));
  } catch {
    return new Map();
  }
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

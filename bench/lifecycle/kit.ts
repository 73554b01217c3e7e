import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { listContainers, docker } from "../../tools/lib/docker";
import { npmRun } from "./steamline";

/** `docker inspect` of a container, by what a `docker run` can say again. */
const inspected = z.object({
  Name: z.string(),
  Image: z.string(),
  Config: z.object({
    Env: z.array(z.string()),
    Cmd: z.array(z.string()).nullable(),
    User: z.string(),
    Hostname: z.string(),
    Healthcheck: z.object({ Test: z.array(z.string()), Interval: z.number(), Retries: z.number() }),
  }),
  HostConfig: z.object({
    Binds: z.array(z.string()).nullable(),
    Memory: z.number(),
    ReadonlyRootfs: z.boolean(),
    PortBindings: z
      .record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })))
      .nullable(),
    LogConfig: z.object({ Type: z.string(), Config: z.record(z.string(), z.string()) }),
    RestartPolicy: z.object({ Name: z.string() }),
  }),
});

export type Inspected = z.infer<typeof inspected>;

export interface KitContainer {
  spec: Inspected;
  /** Directory with the files that were put into it, at their paths; undefined where there are none. */
  files?: string;
}

/** Everything the same pipeline needs when it is started by hand, taken from the stack while it stands. */
export interface Kit {
  containers: Map<string, KitContainer>;
  topics: {
    name: string;
    partitions: number;
    replicationFactor: number;
    config: Record<string, string>;
  }[];
  /** SQL in the order of its making. */
  statements: string[];
}

const exported = z.object({
  deployment: z.object({
    resources: z.array(
      z.object({ type: z.string(), inputs: z.record(z.string(), z.unknown()).optional() }),
    ),
  }),
});
const topicInputs = z.object({
  name: z.string(),
  partitions: z.number(),
  replicationFactor: z.number(),
  config: z.record(z.string(), z.string()).default({}),
});
const sqlInputs = z.object({ statement: z.string() });

/** Docker writes these into every container. */
const DOCKERS_OWN = /^\/etc\/(hosts|hostname|resolv\.conf|mtab)$/;

/** Takes the kit from the stack `stack`, which is up. Its files go below `directory`. */
export async function takeKit(
  stack: string,
  directory: string,
  env: NodeJS.ProcessEnv,
): Promise<Kit> {
  const containers = new Map<string, KitContainer>();
  for (const { name } of (await listContainers(env)).filter((found) => found.stack === stack)) {
    const [spec] = z.array(inspected).parse(JSON.parse(await docker(["inspect", name], env)));
    if (!spec) continue;
    const files = await takeFiles(name, join(directory, name), env);
    containers.set(name, { spec, ...(files ? { files } : {}) });
  }
  const state = exported.parse(
    JSON.parse((await npmRun(stack, "pulumi", ["stack", "export"])).stdout),
  );
  const inputsOf = (type: RegExp) =>
    state.deployment.resources.filter((found) => type.test(found.type)).map(({ inputs }) => inputs);
  return {
    containers,
    topics: inputsOf(/^kafka:index\/topic:Topic$/).map((inputs) => topicInputs.parse(inputs)),
    statements: inputsOf(/clickhouse:SqlObject$/).map(
      (inputs) => sqlInputs.parse(inputs).statement,
    ),
  };
}

/** Copies out what was put into a container beside its image: settings and commands, no data. */
async function takeFiles(
  container: string,
  directory: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const changed = (await docker(["diff", container], env)).split("\n");
  const paths = changed
    .map((line) => line.replace(/^[AC] /, ""))
    .filter((path) => /^\/(etc|usr\/local\/bin)\/.+/.test(path) && !DOCKERS_OWN.test(path))
    .filter((path, _i, all) => !all.some((other) => other.startsWith(`${path}/`)));
  for (const path of paths) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    await docker(["cp", `${container}:${path}`, join(directory, path)], env);
  }
  return paths.length > 0 ? directory : undefined;
}

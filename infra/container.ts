import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { healthCheck } from "./health";

/** What a service of the stack says about its container; the rest is the same for all of them. */
export interface ServiceArgs {
  stack: string;
  /** The container's name on its Docker engine. */
  containerName: string;
  /** Image id, as `docker.RemoteImage` gives it. */
  imageId: pulumi.Input<string>;
  networkName: pulumi.Input<string>;
  /** Of the host, on which ports are published and on no other. @default loopback */
  address?: string;
  /** The name under which the stack's other containers reach it. */
  alias: string;
  memoryMb: number;
  /** Program and arguments that end with 0 once the service answers. */
  healthCommand: string[];
  /** Whether it counts as created only once it is healthy. @default true */
  wait?: boolean;
  /** @default 90 */
  startTimeoutSeconds?: number;
  envs?: pulumi.Input<string>[];
  /** What is run in place of the image's own start script. @default that */
  entrypoint?: string[];
  command?: string[];
  user?: string;
  readOnly?: boolean;
  /** Ports that are published: inside the container and on the host. */
  ports?: { internal: number; external: number }[];
  volumes?: docker.types.input.ContainerVolume[];
  uploads?: docker.types.input.ContainerUpload[];
}

/** Seconds a container gets to stop by itself before it is killed. */
const STOP_GRACE_SECONDS = 10;

/**
 * A container that is ready when it is created: it has answered its health command.
 * Its name is fixed, so a replacement deletes the old one first; data belongs into volumes.
 */
export function service(
  name: string,
  args: ServiceArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  return new docker.Container(
    name,
    {
      name: args.containerName,
      hostname: args.alias,
      image: args.imageId,
      networksAdvanced: [{ name: args.networkName, aliases: [args.alias] }],
      envs: args.envs ?? [],
      entrypoints: args.entrypoint,
      command: args.command,
      user: args.user,
      readOnly: args.readOnly ?? false,
      ports: (args.ports ?? []).map((port) => ({ ...port, ip: args.address ?? "127.0.0.1" })),
      volumes: args.volumes,
      uploads: args.uploads,
      memory: args.memoryMb,
      // Docker sets twice the memory where it is absent, which would show as a change at every refresh.
      memorySwap: args.memoryMb,
      restart: "unless-stopped",
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
      labels: [{ label: "steamline.stack", value: args.stack }],
      healthcheck: healthCheck(args.healthCommand),
      wait: args.wait ?? true,
      waitTimeout: args.startTimeoutSeconds ?? 90,
      destroyGraceSeconds: STOP_GRACE_SECONDS,
    },
    {
      ...opts,
      deleteBeforeReplace: true,
      // The provider reports a changed health check as updated but leaves the container as it is.
      replaceOnChanges: ["healthcheck"],
    },
  );
}

/** An image that is had by its reference, and stays on the machine when the stack goes. */
export function image(
  name: string,
  reference: string,
  opts: pulumi.CustomResourceOptions,
): docker.RemoteImage {
  return new docker.RemoteImage(name, { name: reference, keepLocally: true }, opts);
}

/** A named volume. With `protect`, no destroy removes it until it is unprotected. */
export function volume(
  name: string,
  args: { stack: string; volumeName: string; protect: boolean },
  opts: pulumi.CustomResourceOptions,
): docker.Volume {
  return new docker.Volume(
    name,
    { name: args.volumeName, labels: [{ label: "steamline.stack", value: args.stack }] },
    { ...opts, protect: args.protect, deleteBeforeReplace: true },
  );
}

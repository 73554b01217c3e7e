import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { nodeName } from "./broker-environment";
import type { Connection } from "./clickhouse/client";
import { placedName, placesOf, type ClusterSize } from "./clickhouse/cluster";
import {
  KEEPER_HOST,
  KEEPER_PORT,
  KEEPERS,
  keeperFile,
  profilesFile,
  SERVER_HOST,
  serverFile,
} from "./clickhouse/cluster-files";
import { authorityUploads, collectionsOf, type CollectionsArgs } from "./clickhouse/kafka-login";
import { service, volume, type ServiceArgs } from "./container";
import { Password } from "./password";
import { ServerInSync, ServerPlace, WarehouseShape } from "./warehouse-rollout";

const DATA_DIR = "/var/lib/clickhouse";
/** The user and group that ClickHouse's image runs as. */
const IMAGE_USER = "101:101";
const KEEPER_FILE = "/etc/clickhouse-keeper/keeper_config.xml";
const KEEPER_MEMORY_MB = 512;

export interface ServersArgs extends CollectionsArgs {
  stack: string;
  size: ClusterSize;
  /** Of the first server. */
  containerName: string;
  volumeName: string;
  protectData: boolean;
  /** What each server's container has, whatever its place. */
  server: Omit<ServiceArgs, "stack" | "containerName" | "alias" | "volumes" | "uploads" | "ports">;
  /** Published for the first server alone. */
  ports: ServiceArgs["ports"];
  uploads: docker.types.input.ContainerUpload[];
  /** How the first one is asked from the host. */
  connection: { [K in keyof Connection]: pulumi.Input<Connection[K]> };
}

export interface Servers {
  /** Resolved once every server answers. */
  ready: pulumi.Output<unknown>;
  /** What goes only when the cluster does. */
  deletedWith: pulumi.Resource;
}

/**
 * The servers of a cluster and its Keepers: a volume and a container each. A change that replaces containers goes from
 * one to the next, once the one before has all rows of its shard again.
 */
export function declareServers(parent: pulumi.Resource, name: string, args: ServersArgs): Servers {
  const { size, stack, connection } = args;
  const purpose = "servers of ClickHouse among themselves";
  const secret = new Password(`${name}-cluster-password`, purpose, { parent }).value;
  const shape = new WarehouseShape(`${name}-shape`, { ...size, connection }, { parent });
  const declared = placesOf(size).map((place) => {
    const own = placedName(name, place);
    const volumeName = placedName(args.volumeName, place);
    const kept = { stack, volumeName, protect: args.protectData };
    return { place, own, data: volume(`${own}-data`, kept, { parent }) };
  });
  const deletedWith = declared[0]?.data ?? shape;
  let before: pulumi.Resource = declareKeepers(parent, name, args, shape);
  const ready: pulumi.Resource[] = [];
  for (const { place, own, data } of declared) {
    const host = placedName(SERVER_HOST, place);
    const asked = { connection };
    const gone = new ServerPlace(
      `${own}-place`,
      { ...place, replicaName: host, ...asked },
      { parent, deletedWith, dependsOn: [before] },
    );
    const collections = collectionsOf(args, placedName(args.containerName, place));
    const content = pulumi
      .all([secret, collections])
      .apply(([known, values]) => serverFile({ size, place, secret: known, collections: values }));
    const container = service(
      `${own}-container`,
      {
        ...args.server,
        stack,
        containerName: placedName(args.containerName, place),
        alias: host,
        ports: host === SERVER_HOST ? args.ports : [],
        volumes: [{ volumeName: data.name, containerPath: DATA_DIR }],
        uploads: [
          ...args.uploads,
          ...authorityUploads(args.kafkaLogin),
          { file: "/etc/clickhouse-server/users.d/steamline-cluster.xml", content: profilesFile() },
          {
            file: "/etc/clickhouse-server/config.d/steamline-cluster.xml",
            content: pulumi.secret(content),
          },
        ],
      },
      { parent, dependsOn: [gone] },
    );
    before = new ServerInSync(
      `${own}-in-sync`,
      { host, containerId: container.id, ...asked },
      { parent, deletedWith },
    );
    ready.push(before);
  }
  return { ready: pulumi.all(ready.map(({ urn }) => urn)), deletedWith };
}

/** Keepers in containers of their own, so that a server that is replaced takes none along. */
function declareKeepers(
  parent: pulumi.Resource,
  name: string,
  args: ServersArgs,
  shape: pulumi.Resource,
): pulumi.Resource {
  let before = shape;
  for (const id of KEEPERS) {
    const own = nodeName(`${name}-keeper`, id);
    const kept = {
      stack: args.stack,
      volumeName: nodeName(`${args.volumeName}-keeper`, id),
      protect: args.protectData,
    };
    const data = volume(`${own}-data`, kept, { parent });
    const ask = `exec 3<>/dev/tcp/127.0.0.1/${KEEPER_PORT} && printf ruok >&3 && read -r -n 4 answer <&3 && [ "$answer" = imok ]`;
    before = service(
      `${own}-container`,
      {
        stack: args.stack,
        imageId: args.server.imageId,
        networkName: args.server.networkName,
        containerName: keeperContainer(args.containerName, id),
        alias: nodeName(KEEPER_HOST, id),
        memoryMb: KEEPER_MEMORY_MB,
        healthCommand: ["bash", "-c", ask],
        // One answers once it agrees with another, which is made after the first.
        wait: id > 1,
        user: IMAGE_USER,
        envs: ["TZ=UTC"],
        entrypoint: ["clickhouse", "keeper", `--config-file=${KEEPER_FILE}`],
        volumes: [{ volumeName: data.name, containerPath: DATA_DIR }],
        uploads: [{ file: KEEPER_FILE, content: keeperFile(id), permissions: "0444" }],
      },
      { parent, dependsOn: [before] },
    );
  }
  return before;
}

/** `clickhouse-keeper` beside `clickhouse-server`, whatever the stack puts before it. */
function keeperContainer(serverName: string, id: number): string {
  return nodeName(serverName.replace(/-server$/, "-keeper"), id);
}

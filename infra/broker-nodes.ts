import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import {
  brokerEnvironment,
  controllersOf,
  DATA_DIR,
  INTERNAL,
  LOCAL_PORT,
  PROBE_PORT,
  nodeName,
  publishedPort,
} from "./broker-environment";
import { securityUploads } from "./broker-security";
import { ClusterFormed, NodeInSync, ClusterShape } from "./broker-rollout";
import { image, service, volume } from "./container";
import type { KafkaSecurity } from "./kafka-security";

const HEALTH_SCRIPT = "/usr/local/bin/kafka-healthy";
const scriptsDir = join(__dirname, "images", "kafka", "bin");

export interface NodesArgs {
  stack: string;
  /** Of the first node; the others' end with their number, as `kafka-2`. */
  containerName: string;
  volumeName: string;
  networkName: pulumi.Input<string>;
  imageReference: string;
  /** Whether the image lacks the guide's commands, which are then put into the containers. */
  official: boolean;
  /** Of each node. */
  memoryMb: number;
  /** Ports on loopback of the host, one a node: there are as many nodes. */
  ports: readonly number[];
  protectData: boolean;
  /** @default none: whoever reaches a broker may do everything, in clear */
  security?: KafkaSecurity;
}

export interface Nodes {
  /** What is there once every node answers. */
  ready: pulumi.Resource[];
  /** What goes only when the cluster does: what lives in the cluster needs no removal then. */
  deletedWith: pulumi.Resource;
}

/**
 * A cluster's nodes: a volume and a container each.
 * @param hosts Where each is found from the host, as `host:port`.
 */
export function declareNodes(
  parent: pulumi.Resource,
  name: string,
  args: NodesArgs,
  hosts: readonly string[],
): Nodes {
  const brokers = args.ports.length;
  const controllers = controllersOf(brokers);
  const { security } = args;
  const secured = security !== undefined;
  // How the nodes are asked from here.
  const asked = { brokers: hosts, ...(security ? { tls: security.admin } : {}) };
  const shape = new ClusterShape(`${name}-shape`, { controllers, ...asked }, { parent });
  const { imageId } = image(`${name}-image`, args.imageReference, { parent });
  const declared = args.ports.map((port, index) => {
    const node = index + 1;
    const own = nodeName(name, node);
    const data = volume(
      `${own}-data`,
      {
        stack: args.stack,
        volumeName: nodeName(args.volumeName, node),
        protect: args.protectData,
      },
      { parent },
    );
    return { node, own, data, port, identity: security?.nodes[index] };
  });
  const deletedWith = declared[0]?.data ?? shape;
  const containers: docker.Container[] = [];
  // Each container is made after what says that the one before it is in sync, so that they are replaced in turn.
  let before: pulumi.Resource = shape;
  for (const { node, own, data, port, identity } of declared) {
    const container = service(
      `${own}-container`,
      {
        stack: args.stack,
        containerName: nodeName(args.containerName, node),
        imageId,
        networkName: args.networkName,
        alias: nodeName(INTERNAL.host, node),
        memoryMb: args.memoryMb,
        healthCommand: [
          HEALTH_SCRIPT,
          secured ? `127.0.0.1:${PROBE_PORT}` : `localhost:${LOCAL_PORT}`,
        ],
        // One of several answers once others do, which are made after it.
        wait: brokers === 1,
        envs: brokerEnvironment({ node, brokers, port, memoryMb: args.memoryMb, secured }),
        ports: [{ internal: publishedPort({ brokers, port, secured }), external: port }],
        volumes: [{ volumeName: data.name, containerPath: DATA_DIR }],
        uploads: [
          ...(args.official ? commandUploads() : []),
          ...(security && identity ? securityUploads(security.authority, identity) : []),
        ],
      },
      { parent, dependsOn: [before] },
    );
    containers.push(container);
    if (brokers === 1) return { ready: containers, deletedWith };
    const { id: containerId } = container;
    const inSync = { node, containerId, ...asked };
    before = new NodeInSync(`${own}-in-sync`, inSync, { parent, deletedWith });
  }
  const containerIds = containers.map(({ id }) => id);
  const formed = new ClusterFormed(
    `${name}-formed`,
    { containerIds, ...asked },
    { parent, dependsOn: [before], deletedWith },
  );
  return { ready: [formed], deletedWith };
}

function commandUploads(): docker.types.input.ContainerUpload[] {
  return readdirSync(scriptsDir)
    .sort()
    .map((script) => ({
      file: `/usr/local/bin/${script}`,
      content: readFileSync(join(scriptsDir, script), "utf8"),
      executable: true,
    }));
}

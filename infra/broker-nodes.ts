import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import {
  brokerEnvironment,
  CONTROLLER_PORT,
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
import type { NodeHost } from "./hosts";
import type { KafkaSecurity } from "./kafka-security";
import type { NodeAddress } from "./node-address";

const HEALTH_SCRIPT = "/usr/local/bin/kafka-healthy";
/** The official image's own command, once there is room for what a start writes. Ours says so itself. */
const OFFICIAL_COMMAND = ["/usr/local/bin/kafka-when-room", "/etc/kafka/docker/run"];
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
  /** Ports of the host, one a node: there are as many nodes. */
  ports: readonly number[];
  /** Where each node runs and is found, with security. @default all on one host, found on its loopback */
  hosts?: readonly NodeHost[];
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
 * @param brokerHosts Where each is found by whoever deploys, as `host:port`.
 */
export function declareNodes(
  parent: pulumi.Resource,
  name: string,
  args: NodesArgs,
  brokerHosts: readonly string[],
): Nodes {
  const brokers = args.ports.length;
  const controllers = controllersOf(brokers);
  const { security } = args;
  const secured = security !== undefined;
  // How the nodes are asked from here.
  const asked = { brokers: brokerHosts, ...(security ? { tls: security.admin } : {}) };
  const shape = new ClusterShape(`${name}-shape`, { controllers, ...asked }, { parent });
  const addresses = args.hosts?.map(({ address }) => address);
  const imageIds = imagesOf(parent, name, args);
  const declared = args.ports.map((port, index) => {
    const node = index + 1;
    const own = nodeName(name, node);
    const host = args.hosts?.[index];
    const data = volume(
      `${own}-data`,
      {
        stack: args.stack,
        volumeName: nodeName(args.volumeName, node),
        protect: args.protectData,
      },
      { parent, ...host?.opts },
    );
    return { node, own, data, port, host, identity: security?.nodes[index] };
  });
  const deletedWith = declared[0]?.data ?? shape;
  const containers: docker.Container[] = [];
  // Each container is made after what says that the one before it is in sync, so that they are replaced in turn.
  let before: pulumi.Resource = shape;
  for (const { node, own, data, port, host, identity } of declared) {
    const container = service(
      `${own}-container`,
      {
        stack: args.stack,
        containerName: nodeName(args.containerName, node),
        imageId: imageIds(host),
        networkName: args.networkName,
        ...host?.place,
        alias: nodeName(INTERNAL.host, node),
        memoryMb: args.memoryMb,
        healthCommand: [
          HEALTH_SCRIPT,
          secured ? `127.0.0.1:${PROBE_PORT}` : `localhost:${LOCAL_PORT}`,
        ],
        command: args.official ? OFFICIAL_COMMAND : undefined,
        // One of several answers once others do, which are made after it.
        wait: brokers === 1,
        envs: brokerEnvironment({
          node,
          brokers,
          port,
          memoryMb: args.memoryMb,
          secured,
          addresses,
        }),
        ports: [
          { internal: publishedPort({ brokers, port, secured }), external: port },
          ...(host ? portsBeside(host.address, controllers > 1 && node <= controllers) : []),
        ],
        volumes: [{ volumeName: data.name, containerPath: DATA_DIR }],
        uploads: [
          ...(args.official ? commandUploads() : []),
          ...(security && identity ? securityUploads(security.authority, identity) : []),
        ],
      },
      { parent, dependsOn: [before], ...host?.opts },
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

/** The image on each host that has a node, once. */
function imagesOf(
  parent: pulumi.Resource,
  name: string,
  { imageReference }: NodesArgs,
): (host: NodeHost | undefined) => pulumi.Output<string> {
  const known = new Map<string, pulumi.Output<string>>();
  return (host) => {
    const more = host ? `-${host.address.host}` : "";
    const opts = { parent, ...host?.opts };
    const imageId = known.get(more) ?? image(`${name}-image${more}`, imageReference, opts).imageId;
    known.set(more, imageId);
    return imageId;
  };
}

/** Beside the one for whoever deploys: those by which containers and nodes on other hosts reach a node. */
function portsBeside({ internal, controller }: NodeAddress, votes: boolean) {
  return [
    { internal: INTERNAL.port, external: internal },
    ...(votes ? [{ internal: CONTROLLER_PORT, external: controller }] : []),
  ];
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

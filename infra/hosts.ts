import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { distinctHosts, type DockerHost, type Placement, type Role } from "./hosts-config";
import type { HostsTls } from "./hosts-tls";
import { StackNetwork } from "./network";
import { nodeAddresses, type NodeAddress } from "./node-address";

/** Where a part of the stack runs. */
export interface Host {
  /** What its containers say of that. */
  place: {
    stack: string;
    networkName: pulumi.Output<string>;
    /** On which ports are published. @default loopback */
    address?: string;
  };
  /** What its resources and components are declared with. */
  opts: { provider?: docker.Provider; transformations?: pulumi.ResourceTransformation[] };
}

/** A host of several. */
export interface RemoteHost extends Host {
  place: Host["place"] & { address: string };
  opts: Required<Host["opts"]>;
}

/** The host of one of Kafka's nodes, and where that is found. */
export interface NodeHost extends RemoteHost {
  address: NodeAddress;
}

export interface HostsArgs {
  stack: string;
  /** The stack's network, on each host one of that name. */
  networkName: string;
  /** @default one engine, the one that DOCKER_HOST or Docker's context names */
  placement?: Placement;
  /** How engines behind TCP are spoken to. */
  tls?: HostsTls;
}

/** Where each part of the stack runs: a network each, and where there are several hosts a provider each. */
export class Hosts {
  private readonly byAddress = new Map<string, RemoteHost>();
  private readonly only: Host | undefined;

  constructor(private readonly args: HostsArgs) {
    const { placement, stack, networkName } = args;
    if (!placement) {
      const network = new StackNetwork("network", { stack, networkName });
      this.only = { place: { stack, networkName: network.networkName }, opts: {} };
      return;
    }
    for (const host of distinctHosts(placement))
      this.byAddress.set(host.address, declareHost(host, args));
  }

  /** Where the part runs; of Kafka its first node. @throws RunError where config does not say, which its checks refuse */
  of(role: Role): Host {
    const found = this.only ?? this.all(role)[0];
    if (!found) throw new pulumi.RunError(`hosts: says nowhere where ${role} runs.`);
    return found;
  }

  /** Where each of Kafka's nodes runs; undefined where everything is on one engine. @param first the stack's port of Kafka */
  ofNodes(first: number, brokers: number): NodeHost[] | undefined {
    const hosts = this.all("kafka");
    if (hosts.length === 0) return undefined;
    const addresses = hosts.map(({ place }) => place.address);
    return nodeAddresses(addresses, first, brokers).flatMap((address, node) => {
      const host = hosts[node % hosts.length];
      return host ? { ...host, address } : [];
    });
  }

  private all(role: Role): RemoteHost[] {
    const hosts = this.args.placement?.[role] ?? [];
    return hosts.flatMap(({ address }) => this.byAddress.get(address) ?? []);
  }
}

function declareHost({ endpoint, address }: DockerHost, args: HostsArgs): RemoteHost {
  // Named by what does not change when the same machine is reached in another way.
  const provider = new docker.Provider(`docker-${address}`, {
    host: endpoint,
    ...(endpoint.startsWith("tcp:") && args.tls
      ? {
          caMaterial: args.tls.ca,
          certMaterial: args.tls.cert,
          keyMaterial: pulumi.secret(args.tls.key),
        }
      : {}),
  });
  const opts = { provider, transformations: [replacedElsewhere(address)] };
  const { stack, networkName } = args;
  const network = new StackNetwork(`network-${address}`, { stack, networkName }, opts);
  return { place: { stack, networkName: network.networkName, address }, opts };
}

/** Pulumi takes another provider for no reason to replace, and what is on one host would be looked for on another. */
function replacedElsewhere(address: string): pulumi.ResourceTransformation {
  return ({ type, props, opts }) =>
    type.startsWith("docker:")
      ? { props, opts: { ...opts, replacementTrigger: address } }
      : undefined;
}

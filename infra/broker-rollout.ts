import * as pulumi from "@pulumi/pulumi";
import type { TlsAccess } from "../pipeline/kafka/access";
import { DynamicResource } from "./dynamic-resource";

/** The component that is the stack's Kafka, and of which types it may be. */
const PARENT = "broker";
const PARENTS = ["steamline:kafka:Broker", "steamline:kafka:External"];

/** How the nodes of a cluster are asked from the host. */
interface NodesAsked {
  /** Each as `host:port`. */
  brokers: readonly string[];
  /** A secret. @default in clear */
  tls?: pulumi.Output<TlsAccess>;
}

export interface ClusterShapeArgs extends NodesAsked {
  /** How many nodes vote on the cluster's metadata; 0 where that is somebody else's business. */
  controllers: number;
}

/**
 * What nodes a cluster has. A preview refuses another number of nodes that vote, as nodes with empty logs could
 * outvote the ones that know the topics, fewer brokers while one that would go holds replicas, and to begin or end
 * asking clients who they are while there are several, as those that do would not talk to those that do not. Whether
 * the nodes are the stack's own does not change either: what the ones before hold would go.
 */
export class ClusterShape extends DynamicResource {
  constructor(name: string, args: ClusterShapeArgs, opts?: pulumi.CustomResourceOptions) {
    // Known again where the stack's own brokers are to become somebody else's, or the other way.
    const aliases = PARENTS.map((type) => ({ parent: pulumi.createUrn(PARENT, type) }));
    super("steamline:KafkaClusterShape", "clusterShapeProvider", name, { ...args }, { ...opts, aliases }); // prettier-ignore
  }
}

export interface NodeInSyncArgs extends NodesAsked {
  node: number;
  /** The container that the node runs in: another one is waited for. */
  containerId: pulumi.Input<string>;
}

/**
 * That a node whose container was replaced has every record of its replicas again, so that the next may go. A new
 * node is not waited for.
 */
export class NodeInSync extends DynamicResource {
  constructor(name: string, args: NodeInSyncArgs, opts?: pulumi.CustomResourceOptions) {
    super("steamline:KafkaNodeInSync", "nodeInSyncProvider", name, { ...args }, opts);
  }
}

export interface ClusterFormedArgs extends NodesAsked {
  containerIds: readonly pulumi.Input<string>[];
}

/** That every node of the cluster answers and has every record of its replicas. */
export class ClusterFormed extends DynamicResource {
  constructor(name: string, args: ClusterFormedArgs, opts?: pulumi.CustomResourceOptions) {
    super("steamline:KafkaClusterFormed", "clusterFormedProvider", name, { ...args }, opts);
  }
}

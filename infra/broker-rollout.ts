import type * as pulumi from "@pulumi/pulumi";
import type { TlsAccess } from "../pipeline/kafka/access";
import { DynamicResource } from "./dynamic-resource";

/** How the nodes of a cluster are asked from the host. */
interface NodesAsked {
  /** Each as `host:port`. */
  brokers: readonly string[];
  /** A secret. @default in clear */
  tls?: pulumi.Output<TlsAccess>;
}

export interface ClusterShapeArgs extends NodesAsked {
  /** How many nodes vote on the cluster's metadata. */
  controllers: number;
}

/**
 * What nodes a cluster has. A preview refuses another number of nodes that vote, as nodes with empty logs could
 * outvote the ones that know the topics, fewer brokers while one that would go holds replicas, and to begin or end
 * asking clients who they are while there are several, as those that do would not talk to those that do not.
 */
export class ClusterShape extends DynamicResource {
  constructor(name: string, args: ClusterShapeArgs, opts?: pulumi.CustomResourceOptions) {
    super("steamline:KafkaClusterShape", "clusterShapeProvider", name, { ...args }, opts);
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

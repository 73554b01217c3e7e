import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "./dynamic-resource";

export interface ClusterShapeArgs {
  /** How many nodes vote on the cluster's metadata. */
  controllers: number;
  /** From the host, each as `host:port`. */
  brokers: readonly string[];
}

/**
 * What nodes a cluster has. A preview refuses another number of nodes that vote, as nodes with empty logs could
 * outvote the ones that know the topics, and fewer brokers while one that would go holds replicas.
 */
export class ClusterShape extends DynamicResource {
  constructor(name: string, args: ClusterShapeArgs, opts?: pulumi.CustomResourceOptions) {
    super("steamline:KafkaClusterShape", "clusterShapeProvider", name, { ...args }, opts);
  }
}

export interface NodeInSyncArgs {
  node: number;
  /** The container that the node runs in: another one is waited for. */
  containerId: pulumi.Input<string>;
  /** The cluster's, from the host, each as `host:port`. */
  brokers: readonly string[];
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

export interface ClusterFormedArgs {
  containerIds: readonly pulumi.Input<string>[];
  /** From the host, each as `host:port`. */
  brokers: readonly string[];
}

/** That every node of the cluster answers and has every record of its replicas. */
export class ClusterFormed extends DynamicResource {
  constructor(name: string, args: ClusterFormedArgs, opts?: pulumi.CustomResourceOptions) {
    super("steamline:KafkaClusterFormed", "clusterFormedProvider", name, { ...args }, opts);
  }
}

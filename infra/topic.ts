import type * as kafka from "@pulumi/kafka";
import { minInsyncReplicas } from "./broker-environment";

export interface TopicArgs {
  /** The resource's name, the same on every stack. */
  resourceName: string;
  topicName: string;
  partitions: number;
  replicationFactor: number;
  retentionMs: number;
}

export function topicInputs(topic: TopicArgs): kafka.TopicArgs {
  return {
    name: topic.topicName,
    partitions: topic.partitions,
    replicationFactor: topic.replicationFactor,
    config: topicConfig(topic.retentionMs, topic.replicationFactor),
  };
}

/** All that shapes a topic, as strings: the provider resets what it is not told. @param replicationFactor @default 1 */
export function topicConfig(retentionMs: number, replicationFactor = 1): Record<string, string> {
  const inSync = minInsyncReplicas(replicationFactor);
  return {
    "cleanup.policy": "delete",
    "compression.type": "producer",
    // A single broker has no replica to fall back on: what it acknowledges is on disk, also where the power fails.
    "flush.messages": inSync === 1 ? "1" : "9223372036854775807",
    "max.message.bytes": "1048588",
    "message.timestamp.type": "CreateTime",
    "min.insync.replicas": String(inSync),
    "retention.bytes": "-1",
    "retention.ms": String(retentionMs),
    "segment.bytes": "134217728",
    "unclean.leader.election.enable": "false",
  };
}

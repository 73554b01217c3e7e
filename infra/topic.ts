import * as kafka from "@pulumi/kafka";
import type * as pulumi from "@pulumi/pulumi";
import { minInsyncReplicas } from "./broker-environment";

export interface TopicArgs {
  /** The resource's name, the same on every stack. */
  resourceName: string;
  topicName: string;
  partitions: number;
  replicationFactor: number;
  retentionMs: number;
}

export interface TopicsArgs {
  topics: { topGames: TopicArgs; gameDetails: TopicArgs };
  /** Topics of sources beside Steam's. */
  furtherTopics?: readonly TopicArgs[];
  /** Whether nothing of the program may delete them. */
  protectData: boolean;
}

/** Names of topics, each known once its topic is there. */
export interface Topics {
  topics: { topGames: pulumi.Output<string>; gameDetails: pulumi.Output<string> };
  /** Of the further ones, in their order. */
  furtherTopics: readonly pulumi.Output<string>[];
}

/** The topics of a stack. @param where the brokers, as the provider reaches them, and what has to be there before */
export function declareTopics(args: TopicsArgs, where: pulumi.CustomResourceOptions): Topics {
  const declare = (topic: TopicArgs) =>
    new kafka.Topic(topic.resourceName, topicInputs(topic), {
      ...where,
      // Fewer partitions mean a new topic, and its messages are lost.
      protect: args.protectData,
      deleteBeforeReplace: true,
    }).name;
  const { topGames, gameDetails } = args.topics;
  return {
    topics: { topGames: declare(topGames), gameDetails: declare(gameDetails) },
    furtherTopics: (args.furtherTopics ?? []).map(declare),
  };
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

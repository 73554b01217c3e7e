import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as kafka from "@pulumi/kafka";
import * as pulumi from "@pulumi/pulumi";
import { image, service, volume } from "./container";

/** Where containers of the stack reach the broker. */
const INTERNAL = { host: "kafka", port: 29092 };
const CONTROLLER_PORT = 9093;
/** The port that `localhost` means to whoever runs a Kafka command inside the container. */
const LOCAL_PORT = 9092;
const DATA_DIR = "/var/lib/kafka/data";
/** Identity of the KRaft cluster. Fixed, so that a new container takes up the volume of the old one. */
const CLUSTER_ID = "c3RlYW1saW5lLWtyYWZ0LQ";
const HEALTH_SCRIPT = "/usr/local/bin/kafka-healthy";
const scriptsDir = join(__dirname, "images", "kafka", "bin");

export interface BrokerArgs {
  stack: string;
  containerName: string;
  volumeName: string;
  networkName: pulumi.Input<string>;
  imageReference: string;
  /** Whether the image lacks the guide's commands, which are then put into the container. */
  official: boolean;
  memoryMb: number;
  /** Port on loopback of the host. */
  port: number;
  protectData: boolean;
  topics: { topGames: TopicArgs; gameDetails: TopicArgs };
  /** Topics of sources beside Steam's. */
  furtherTopics?: readonly TopicArgs[];
}

export interface TopicArgs {
  /** The resource's name, the same on every stack. */
  resourceName: string;
  topicName: string;
  partitions: number;
  replicationFactor: number;
  retentionMs: number;
}

/**
 * One Kafka node in KRaft mode, broker and controller at once, with its topics.
 * Ready when the broker answers; each topic's name resolves once that topic exists.
 */
export class Broker extends pulumi.ComponentResource {
  /** For containers of the stack, `host:port`. */
  readonly internalServers: pulumi.Output<string>;
  /** For programs on the host, `host:port`. */
  readonly bootstrapServers: pulumi.Output<string>;
  /** Names of the topics. */
  readonly topics: { topGames: pulumi.Output<string>; gameDetails: pulumi.Output<string> };
  /** Names of the further ones, in their order. */
  readonly furtherTopics: readonly pulumi.Output<string>[];

  constructor(name: string, args: BrokerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("steamline:kafka:Broker", name, {}, opts);
    const data = volume(
      `${name}-data`,
      { stack: args.stack, volumeName: args.volumeName, protect: args.protectData },
      { parent: this },
    );
    const container = service(
      `${name}-container`,
      {
        stack: args.stack,
        containerName: args.containerName,
        imageId: image(`${name}-image`, args.imageReference, { parent: this }).imageId,
        networkName: args.networkName,
        alias: INTERNAL.host,
        memoryMb: args.memoryMb,
        healthCommand: [HEALTH_SCRIPT, `localhost:${LOCAL_PORT}`],
        envs: brokerEnvironment(args.port, args.memoryMb),
        ports: [{ internal: args.port, external: args.port }],
        volumes: [{ volumeName: data.name, containerPath: DATA_DIR }],
        uploads: args.official ? commandUploads() : [],
      },
      { parent: this },
    );

    const host = `localhost:${args.port}`;
    const provider = new kafka.Provider(
      `${name}-admin`,
      // Plain strings, so that a preview can tell what changes; the topics wait for the container.
      { bootstrapServers: [host], tlsEnabled: false },
      { parent: this },
    );
    const declareTopic = (topic: TopicArgs) =>
      new kafka.Topic(topic.resourceName, topicInputs(topic), {
        parent: this,
        provider,
        dependsOn: [container],
        // Fewer partitions mean a new topic, and its messages are lost.
        protect: args.protectData,
        deleteBeforeReplace: true,
        // Topics live in the volume. Where that goes, there is no broker left to ask.
        deletedWith: data,
      }).name;
    this.topics = {
      topGames: declareTopic(args.topics.topGames),
      gameDetails: declareTopic(args.topics.gameDetails),
    };
    this.furtherTopics = (args.furtherTopics ?? []).map(declareTopic);
    this.internalServers = container.name.apply(() => `${INTERNAL.host}:${INTERNAL.port}`);
    this.bootstrapServers = container.name.apply(() => host);
    this.registerOutputs({
      internalServers: this.internalServers,
      bootstrapServers: this.bootstrapServers,
    });
  }
}

/** Environment of a broker's container, as `NAME=value`. @param port Of the host, on which programs there reach it. */
export function brokerEnvironment(port: number, memoryMb: number): string[] {
  const listeners = [
    ["INTERNAL", `:${INTERNAL.port}`, `${INTERNAL.host}:${INTERNAL.port}`],
    ["EXTERNAL", `:${port}`, `localhost:${port}`],
    // Commands run inside the container say localhost:9092, whichever port the host sees.
    ...(port === LOCAL_PORT ? [] : [["LOCAL", `:${LOCAL_PORT}`, `localhost:${LOCAL_PORT}`]]),
  ] as [string, string, string][];
  const names = [...listeners.map(([listener]) => listener), "CONTROLLER"];
  const settings: Record<string, string | number> = {
    CLUSTER_ID,
    KAFKA_HEAP_OPTS: `-Xms${Math.floor(memoryMb / 4)}m -Xmx${Math.floor(memoryMb / 2)}m`,
    KAFKA_NODE_ID: 1,
    KAFKA_PROCESS_ROLES: "broker,controller",
    KAFKA_CONTROLLER_QUORUM_VOTERS: `1@localhost:${CONTROLLER_PORT}`,
    KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
    KAFKA_INTER_BROKER_LISTENER_NAME: "INTERNAL",
    KAFKA_LISTENERS: [
      ...listeners.map(([n, bind]) => `${n}://${bind}`),
      `CONTROLLER://:${CONTROLLER_PORT}`,
    ].join(","),
    KAFKA_ADVERTISED_LISTENERS: listeners
      .map(([n, , advertised]) => `${n}://${advertised}`)
      .join(","),
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: names.map((n) => `${n}:PLAINTEXT`).join(","),
    KAFKA_LOG_DIRS: DATA_DIR,
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1,
    // One broker serves a handful of groups: fifty partitions would only slow its start.
    KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: 3,
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1,
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1,
    KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: 3,
    // A group's first member need not wait for others that a stack like this never has.
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: 0,
    // A broker that was killed is let in again only once its former session ended, by default after 9 s.
    KAFKA_BROKER_SESSION_TIMEOUT_MS: 3000,
    KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: 1000,
  };
  return Object.entries(settings).map(([key, value]) => `${key}=${value}`);
}

function topicInputs(topic: TopicArgs): kafka.TopicArgs {
  return {
    name: topic.topicName,
    partitions: topic.partitions,
    replicationFactor: topic.replicationFactor,
    config: topicConfig(topic.retentionMs),
  };
}

/** All that shapes a topic, as strings: the provider resets what it is not told. */
export function topicConfig(retentionMs: number): Record<string, string> {
  return {
    "cleanup.policy": "delete",
    "compression.type": "producer",
    // One broker has no replica to fall back on: what it acknowledges is on disk, also where the power fails.
    "flush.messages": "1",
    "max.message.bytes": "1048588",
    "message.timestamp.type": "CreateTime",
    "min.insync.replicas": "1",
    "retention.bytes": "-1",
    "retention.ms": String(retentionMs),
    "segment.bytes": "134217728",
    "unclean.leader.election.enable": "false",
  };
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

import * as pulumi from "@pulumi/pulumi";
import { Broker } from "./broker";
import { brokersFor } from "./clickhouse/kafka-login";
import { loadConfig } from "./config";
import { ExternalKafka } from "./external-kafka";
import { Grafana } from "./grafana";
import { KafkaSecurity } from "./kafka-security";
import { formatPlaceholders } from "./message-format";
import { brokerPorts, madeParts } from "./names";
import { StackNetwork } from "./network";
import { declareResets } from "./offsets/resource";
import { Producer, Simulator } from "./producer";
import { producerImage } from "./producer-image";
import { furtherEnvironment, furtherPlaceholders, furtherStreams, furtherTopics } from "./sources";
import { Warehouse } from "./warehouse";

const config = loadConfig();
const { names, ports, images } = config;
export const stack = pulumi.getStack();

const further = furtherStreams(stack);

const network = new StackNetwork("network", { stack, networkName: names.network });
const inNetwork = { stack, networkName: network.networkName };

const topic = {
  partitions: config.partitions,
  replicationFactor: config.replicationFactor,
  retentionMs: config.retentionHours * 3_600_000,
};
const topics = {
  protectData: config.protectData,
  topics: {
    topGames: { ...topic, resourceName: "top-games-topic", topicName: names.topics.topGames },
    gameDetails: {
      ...topic,
      resourceName: "game-details-topic",
      topicName: names.topics.gameDetails,
    },
  },
  furtherTopics: furtherTopics(stack, topic),
};
const security =
  config.kafkaSecurity === "sasl_ssl"
    ? new KafkaSecurity("kafka-security", {
        stack,
        brokers: config.brokers,
        authority: config.kafkaAuthority,
      })
    : undefined;
const broker = config.kafkaExternal
  ? new ExternalKafka("broker", { ...topics, access: config.kafkaExternal })
  : new Broker("broker", {
      ...inNetwork,
      ...topics,
      containerName: names.containers.kafka,
      volumeName: names.volumes.kafka,
      imageReference: images.kafka,
      official: config.imageSource === "registry",
      memoryMb: config.kafkaMemoryMb,
      ports: brokerPorts(ports.kafka, config.brokers),
      security,
    });
const topicNames = [...Object.values(names.topics), ...further.map((stream) => stream.topic)];
const clickhouseInKafka = broker.client("clickhouse", {
  reads: topicNames,
  groups: [...Object.values(names.groups), ...further.map((stream) => stream.group)],
});
const producerInKafka = broker.client("producer", {
  writes: topicNames,
  transactionalIds: config.transactions ? [names.containers.producer] : [],
});

const warehouse = new Warehouse("warehouse", {
  ...inNetwork,
  containerName: names.containers.clickhouse,
  volumeName: names.volumes.clickhouse,
  imageReference: images.clickhouse,
  engine: config.clickhouseEngine,
  cluster: config.clickhouseCluster,
  memoryMb: config.clickhouseMemoryMb,
  ports: { http: ports.clickhouse, native: ports.clickhouseNative },
  protectData: config.protectData,
  kafka: broker.access,
  kafkaLogin: clickhouseInKafka.login,
  partitions: config.partitions,
  allowDestroy: config.allowDestroy.split(/[\s,]+/).filter((name) => name !== ""),
  placeholders: {
    brokers: brokersFor(config.clickhouseEngine, clickhouseInKafka),
    topGamesTopic: broker.topics.topGames,
    detailsTopic: broker.topics.gameDetails,
    topGamesGroup: names.groups.topGames,
    detailsGroup: names.groups.gameDetails,
    instanceId: names.containers.clickhouse,
    flushIntervalMs: config.flushIntervalMs,
    ttlDays: config.ttlDays,
    ...formatPlaceholders(config.messageFormat),
    ...furtherPlaceholders(stack, broker.furtherTopics),
  },
});

declareResets({
  resets: config.offsetResets,
  kafka: broker.access,
  connection: { url: warehouse.url, database: warehouse.database, ...warehouse.admin },
});

const grafana = new Grafana("grafana", {
  ...inNetwork,
  containerName: names.containers.grafana,
  volumeName: names.volumes.grafana,
  imageReference: images.grafana,
  absent: config.grafanaAbsent,
  memoryMb: config.grafanaMemoryMb,
  port: ports.grafana,
  clickhouseHost: warehouse.internalHost,
  clickhouseEngine: config.clickhouseEngine,
  reader: warehouse.reader,
  board: config,
  alerts: {
    stalePolls: config.alertStalePolls,
    lagMessages: config.alertLagMessages,
    badMessages: config.alertBadMessages,
    diskFreePercent: config.alertDiskFreePercent,
    webhookUrl: config.alertWebhookUrl,
  },
});

const pipelineImage = producerImage("producer-image", { nodeImage: images.node });
const simulator =
  config.source === "simulated"
    ? new Simulator("simulator", {
        ...inNetwork,
        containerName: names.containers.simulator,
        imageId: pipelineImage.imageId,
        memoryMb: config.simulatorMemoryMb,
        seed: config.simulatorSeed,
        faultPercent: config.simulatorFaultPercent,
      })
    : undefined;
const producer = new Producer("producer", {
  ...inNetwork,
  containerName: names.containers.producer,
  imageId: pipelineImage.imageId,
  memoryMb: config.producerMemoryMb,
  source: config.source,
  sourceUrl: simulator?.url,
  steamApiKey: config.steamApiKey,
  spoolVolumeName: names.volumes.producerSpool,
  spoolMaxMb: config.spoolMaxMb,
  messages: config,
  environment: furtherEnvironment(broker.furtherTopics),
  kafka: producerInKafka,
  topics: broker.topics,
  pollIntervalSeconds: config.pollIntervalSeconds,
  detailsIntervalSeconds: config.detailsIntervalSeconds,
  port: ports.producer,
});

// What the stack tells whoever deploys it. Passwords are secrets: `pulumi stack output --show-secrets`.
export const source = config.source;
export const imageSource = config.imageSource;
export const clickhouseEngine = config.clickhouseEngine;
export const clickhouseCluster = config.clickhouseCluster;
export const kafkaBootstrapServers = broker.bootstrapServers;
export const kafkaTls = security?.admin ?? config.kafkaExternal?.tls;
export const kafkaSasl = config.kafkaExternal?.sasl && pulumi.secret(config.kafkaExternal.sasl);
export const topGamesTopic = broker.topics.topGames;
export const detailsTopic = broker.topics.gameDetails;
export const topGamesGroup = names.groups.topGames;
export const detailsGroup = names.groups.gameDetails;
export const furtherSources = further;
export const clickhouseUrl = warehouse.url;
export const database = warehouse.database;
export const adminUser = warehouse.admin.username;
export const adminPassword = warehouse.admin.password;
export const readerUser = warehouse.reader.username;
export const readerPassword = warehouse.reader.password;
export const grafanaUrl = grafana.url;
export const grafanaNote = grafana.note;
export const grafanaPassword = grafana.adminPassword;
export const dashboardsDir = grafana.dashboardsDir;
export const producerUrl = producer.url;
export const containers = madeParts(names.containers, config.kafkaExternal !== undefined);
export const volumes = madeParts(names.volumes, config.kafkaExternal !== undefined);
export const networkName = names.network;
export const protectData = config.protectData;

import * as pulumi from "@pulumi/pulumi";
import { Broker } from "./broker";
import { brokersFor } from "./clickhouse/kafka-login";
import { loadConfig } from "./config";
import { ExternalWarehouse } from "./external-clickhouse";
import { ExternalKafka } from "./external-kafka";
import { Grafana } from "./grafana";
import { Hosts } from "./hosts";
import { KafkaSecurity } from "./kafka-security";
import { formatPlaceholders } from "./message-format";
import { brokerPorts, madeParts } from "./names";
import { declareResets } from "./offsets/resource";
import { Producer, Simulator } from "./producer";
import { producerImage } from "./producer-image";
import { furtherEnvironment, furtherPlaceholders, furtherStreams, furtherTopics } from "./sources";
import { Warehouse } from "./warehouse";

const config = loadConfig();
const { names, ports, images } = config;
export const stack = pulumi.getStack();

const external = { kafka: config.kafkaExternal, clickhouse: config.clickhouseExternal };
const further = furtherStreams(stack);

const hosts = new Hosts({
  stack,
  networkName: names.network,
  placement: config.hosts,
  tls: config.hostsTls,
});
const brokerHosts = hosts.ofNodes(ports.kafka, config.brokers);
const grafanaHost = hosts.of("grafana");
const pipelineHost = hosts.of("pipeline");

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
        addresses: brokerHosts?.map(({ address }) => address.host),
      })
    : undefined;
const broker = config.kafkaExternal
  ? new ExternalKafka("broker", { ...topics, access: config.kafkaExternal })
  : new Broker("broker", {
      ...hosts.of("kafka").place,
      ...topics,
      containerName: names.containers.kafka,
      volumeName: names.volumes.kafka,
      imageReference: images.kafka,
      official: config.imageSource === "registry",
      memoryMb: config.kafkaMemoryMb,
      ports: brokerHosts
        ? brokerHosts.map(({ address }) => address.external)
        : brokerPorts(ports.kafka, config.brokers),
      hosts: brokerHosts,
      security,
    });
const topicNames = [...Object.values(names.topics), ...further.map((stream) => stream.topic)];
const clickhouseInKafka = broker.client("clickhouse", {
  reads: topicNames,
  groups: [...Object.values(names.groups), ...further.map((stream) => stream.group)],
});
const producerInKafka = broker.client("producer", {
  writes: topicNames,
  // As pipeline/delivery/outlets.ts makes them: one a topic.
  transactionalIds: config.transactions
    ? topicNames.map((topic) => `${names.containers.producer}.${topic}`)
    : [],
});

const objects = {
  stack,
  engine: config.clickhouseEngine,
  protectData: config.protectData,
  kafka: broker.access,
  partitions: config.partitions,
  allowDestroy: config.allowDestroy.split(/[\s,]+/).filter((name) => name !== ""),
  placeholders: {
    brokers: config.clickhouseExternal
      ? (config.clickhouseExternal.brokers ?? broker.bootstrapServers)
      : brokersFor(config.clickhouseEngine, clickhouseInKafka),
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
};
const warehouse = config.clickhouseExternal
  ? new ExternalWarehouse("warehouse", {
      ...objects,
      access: config.clickhouseExternal,
      kafkaLogin: clickhouseInKafka.login,
    })
  : new Warehouse(
      "warehouse",
      {
        ...hosts.of("clickhouse").place,
        ...objects,
        containerName: names.containers.clickhouse,
        volumeName: names.volumes.clickhouse,
        imageReference: images.clickhouse,
        cluster: config.clickhouseCluster,
        memoryMb: config.clickhouseMemoryMb,
        ports: { http: ports.clickhouse, native: ports.clickhouseNative },
        kafkaLogin: clickhouseInKafka.login,
      },
      hosts.of("clickhouse").opts,
    );

declareResets({
  resets: config.offsetResets,
  kafka: broker.access,
  connection: warehouse.connection,
});

const grafanaArgs = {
  ...grafanaHost.place,
  containerName: names.containers.grafana,
  volumeName: names.volumes.grafana,
  imageReference: images.grafana,
  absent: config.grafanaAbsent,
  memoryMb: config.grafanaMemoryMb,
  port: ports.grafana,
  clickhouse: warehouse.inside,
  reader: warehouse.reader,
  board: config,
  alerts: {
    stalePolls: config.alertStalePolls,
    lagMessages: config.alertLagMessages,
    badMessages: config.alertBadMessages,
    diskFreePercent: config.alertDiskFreePercent,
    webhookUrl: config.alertWebhookUrl,
  },
};
const grafana = new Grafana("grafana", grafanaArgs, grafanaHost.opts);

const nodeImage = { nodeImage: images.node };
const pipelineImage = producerImage("producer-image", nodeImage, pipelineHost.opts);
const simulatorArgs = {
  ...pipelineHost.place,
  containerName: names.containers.simulator,
  imageId: pipelineImage.imageId,
  memoryMb: config.simulatorMemoryMb,
  seed: config.simulatorSeed,
  faultPercent: config.simulatorFaultPercent,
};
const simulator =
  config.source === "simulated"
    ? new Simulator("simulator", simulatorArgs, pipelineHost.opts)
    : undefined;
const producerArgs = {
  ...pipelineHost.place,
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
};
const producer = new Producer("producer", producerArgs, pipelineHost.opts);

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
export const clickhouseCa = config.clickhouseExternal?.ca;
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
export const containers = madeParts(names.containers, external);
export const volumes = madeParts(names.volumes, external);
export const networkName = names.network;
export const protectData = config.protectData;

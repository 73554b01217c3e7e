import { formatNames } from "../pipeline/format/format";
import { codecNames } from "../pipeline/kafka/codec";
import { authorityText } from "./authority";
import { externalClickhouseReaders, externalKafkaReaders } from "./external-config";
import { hostsTlsText } from "./hosts-tls";
import { MOST_BROKERS } from "./names";
import { flag, imageReference, integer, oneOf, text, type Values } from "./settings";

/** Every key of the `steamline` namespace. Descriptions and defaults stand in Pulumi.yaml. */
export const readers = {
  imageSource: oneOf("registry", "local"),
  clickhouseEngine: oneOf("", "server", "embedded"),
  clickhouseShards: integer(1, 8),
  clickhouseReplicas: integer(1, 4),
  source: oneOf("steam", "simulated"),
  steamApiKey: text(),
  pollIntervalSeconds: integer(1, 3600),
  detailsIntervalSeconds: integer(1, 604_800),
  messageFormat: oneOf(...formatNames),
  messageCompression: oneOf(...codecNames),
  recordsPerMessage: integer(1, 10_000),
  transactions: flag(),
  spoolMaxMb: integer(1, 1_048_576),
  simulatorSeed: integer(0, 2_147_483_647),
  simulatorFaultPercent: integer(0, 100),
  brokers: integer(1, MOST_BROKERS),
  kafkaSecurity: oneOf("plaintext", "sasl_ssl"),
  kafkaAuthority: authorityText(),
  ...externalKafkaReaders,
  ...externalClickhouseReaders,
  hosts: text(),
  hostsTls: hostsTlsText(),
  hostsInClear: flag(),
  partitions: integer(1, 1000),
  replicationFactor: integer(1, 32_767),
  retentionHours: integer(1, 87_600),
  // A DateTime ends in 2106: a row that is to be kept beyond that would expire at once.
  ttlDays: integer(1, 25_000),
  flushIntervalMs: integer(50, 60_000),
  kafkaPort: integer(0, 65_535),
  clickhousePort: integer(0, 65_535),
  clickhouseNativePort: integer(0, 65_535),
  grafanaPort: integer(0, 65_535),
  producerPort: integer(0, 65_535),
  kafkaMemoryMb: integer(512, 1_048_576),
  clickhouseMemoryMb: integer(1024, 1_048_576),
  grafanaMemoryMb: integer(256, 1_048_576),
  producerMemoryMb: integer(128, 1_048_576),
  simulatorMemoryMb: integer(128, 1_048_576),
  grafana: flag(),
  alertStalePolls: integer(2, 10_000),
  alertLagMessages: integer(0, 2_147_483_647),
  alertBadMessages: integer(0, 2_147_483_647),
  alertDiskFreePercent: integer(0, 99),
  alertWebhookUrl: text(),
  allowDestroy: text(),
  offsetResets: text(),
  protectData: flag(),
  kafkaImage: imageReference(),
  clickhouseImage: imageReference(),
  grafanaImage: imageReference(),
  nodeImage: imageReference(),
};

/** Those whose values are to be encrypted. */
export const secretKeys: ReadonlySet<string> = new Set([
  "steamApiKey",
  "alertWebhookUrl",
  "kafkaAuthority",
  "kafkaExternalPassword",
  "clickhouseExternalPassword",
  "clickhouseExternalReaderPassword",
  "hostsTls",
]);

/** What was read of them; without those that have a fault. */
export type ConfigRead = Partial<Values<typeof readers>>;

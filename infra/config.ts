import * as pulumi from "@pulumi/pulumi";
import { formatNames } from "../pipeline/format/format";
import type { KafkaAccess } from "../pipeline/kafka/access";
import { codecNames } from "../pipeline/kafka/codec";
import { authorityOf, authorityText } from "./authority";
import type { ClusterSize } from "./clickhouse/cluster";
import { clusterFaults, clusterOf } from "./cluster-config";
import type { KeyPair } from "./dynamic/certificates";
import { externalKafkaFaults, externalKafkaOf, externalKafkaReaders } from "./external-config";
import { registryImages } from "./images/registry";
import {
  brokerPorts,
  MOST_BROKERS,
  stackNames,
  stackPorts,
  type StackNames,
  type StackPorts,
} from "./names";
import { parseResets, type DeclaredReset } from "./offsets/declared-reset";
import {
  ConfigError,
  flag,
  imageReference,
  integer,
  oneOf,
  readAll,
  text,
  type Values,
} from "./settings";

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

const secretKeys: ReadonlySet<string> = new Set([
  "steamApiKey",
  "alertWebhookUrl",
  "kafkaAuthority",
  "kafkaExternalPassword",
]);

/** A stack's whole config, checked. */
export interface PipelineConfig extends Omit<
  Values<typeof readers>,
  | "clickhouseEngine"
  | "grafana"
  | "kafkaAuthority"
  | keyof typeof externalKafkaReaders
  | "offsetResets"
  | `${string}Port`
  | `${string}Image`
> {
  names: StackNames;
  ports: StackPorts;
  images: { kafka: string; clickhouse: string; grafana: string; node: string };
  clickhouseEngine: "server" | "embedded";
  /** Undefined where ClickHouse is one server. */
  clickhouseCluster: ClusterSize | undefined;
  offsetResets: DeclaredReset[];
  /** A Kafka that the stack does not make; undefined where it makes its own. */
  kafkaExternal: KafkaAccess | undefined;
  /** Who signs the stack's certificates; undefined where the stack makes its own. */
  kafkaAuthority: KeyPair | undefined;
  /** Why the stack has no Grafana container; undefined where it has one. */
  grafanaAbsent: string | undefined;
}

/**
 * Checks `raw`, the config of `stack` by key without its namespace.
 * @throws ConfigError with every fault there is, so that one run shows them all.
 */
export function parseConfig(stack: string, raw: Readonly<Record<string, string>>): PipelineConfig {
  const faults: string[] = [];
  const read = readAll(readers, raw, secretKeys, faults);
  const ports = chosenPorts(stack, read);
  faults.push(...stackFaults(stack), ...portFaults(ports, read.brokers), ...crossFaults(read));
  const names = stackNames(stack);
  const offsetResets = parseResets(read.offsetResets ?? "", names, faults);
  if (faults.length > 0) throw new ConfigError(faults);

  const values = read as Values<typeof readers>;
  const local = values.imageSource === "local";
  return {
    ...values,
    names,
    offsetResets,
    kafkaAuthority: authorityOf(values.kafkaAuthority),
    kafkaExternal: externalKafkaOf(values),
    ports,
    images: {
      kafka: values.kafkaImage || registryImages.kafka,
      clickhouse: values.clickhouseImage || registryImages.clickhouse,
      grafana: values.grafanaImage || registryImages.grafana,
      node: values.nodeImage || registryImages.node,
    },
    clickhouseEngine: values.clickhouseEngine || (local ? "embedded" : "server"),
    clickhouseCluster: clusterOf(values),
    grafanaAbsent: grafanaAbsence(values),
  };
}

/** The config of the stack being deployed. @throws pulumi.RunError that lists every fault. */
export function loadConfig(): PipelineConfig {
  const prefix = `${pulumi.getProject()}:`;
  const raw: Record<string, string> = {};
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    if (key.startsWith(prefix)) raw[key.slice(prefix.length)] = value;
  }
  try {
    refuseClearSecrets(raw);
    return parseConfig(pulumi.getStack(), raw);
  } catch (error) {
    if (error instanceof ConfigError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

function refuseClearSecrets(raw: Readonly<Record<string, string>>): void {
  const clear = [...secretKeys].filter(
    (key) => raw[key] && !isSecret(`${pulumi.getProject()}:${key}`),
  );
  if (clear.length > 0) {
    throw new ConfigError(
      clear.map(
        (key) => `${key}: stands in clear. Set it with \`pulumi config set --secret ${key}\`.`,
      ),
    );
  }
}

/** Whether Pulumi holds the key encrypted: it lists those keys for the program it runs. */
function isSecret(key: string): boolean {
  const keys = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
  return keys.includes(key);
}

type Read = Partial<Values<typeof readers>>;

function chosenPorts(stack: string, read: Read): StackPorts {
  const own = stackPorts(stack);
  return {
    kafka: read.kafkaPort || own.kafka,
    clickhouse: read.clickhousePort || own.clickhouse,
    clickhouseNative: read.clickhouseNativePort || own.clickhouseNative,
    grafana: read.grafanaPort || own.grafana,
    producer: read.producerPort || own.producer,
  };
}

function stackFaults(stack: string): string[] {
  return /^[a-z0-9][a-z0-9-]{0,40}$/.test(stack)
    ? []
    : [
        `stack name: ${JSON.stringify(stack)} is not allowed. Allowed: up to 41 of a-z, 0-9 and -, as containers, volumes and topics are named after it.`,
      ];
}

function portFaults(ports: StackPorts, brokers = 1): string[] {
  const entries: [name: string, port: number][] = [
    ...Object.entries({ ...ports }).map(([name, port]): [string, number] => [`${name}Port`, port]),
    ...brokerPorts(ports.kafka, brokers)
      .slice(1)
      .map((port, index): [string, number] => [`the port of broker ${index + 2}`, port]),
  ];
  return entries.flatMap(([name, port], i) => {
    const twin = entries.slice(i + 1).find(([, other]) => other === port);
    return twin
      ? [`${name} and ${twin[0]}: both are ${port}. Allowed: a port of its own for each.`]
      : [];
  });
}

function crossFaults(read: Read): string[] {
  const faults: string[] = [];
  const { brokers = MOST_BROKERS, replicationFactor = 1 } = read;
  faults.push(...externalKafkaFaults(read), ...clusterFaults(read));
  if (replicationFactor > brokers && !read.kafkaExternal) {
    faults.push(
      `replicationFactor: ${replicationFactor} is more than the ${brokers} ${brokers === 1 ? "broker" : "brokers"} of this stack. Allowed: 1 to ${brokers}.`,
    );
  }
  if (read.kafkaAuthority && read.kafkaSecurity === "plaintext") {
    faults.push(
      "kafkaAuthority: nothing is signed while kafkaSecurity is plaintext. Allowed: empty, or kafkaSecurity sasl_ssl.",
    );
  }
  if (read.imageSource === "local" && read.clickhouseEngine === "server") {
    faults.push(
      'clickhouseEngine: "server" needs the official image, which imageSource local does not have. Allowed: embedded, or imageSource registry.',
    );
  }
  for (const key of read.imageSource === "local"
    ? (["kafkaImage", "clickhouseImage", "nodeImage"] as const)
    : []) {
    if (read[key] === "") {
      faults.push(
        `${key}: is empty, but with imageSource local it names an image built here. \`npm run up\` builds it and sets the key.`,
      );
    }
  }
  if (
    read.clickhouseEngine === "embedded" &&
    read.imageSource === "registry" &&
    read.clickhouseImage === ""
  ) {
    faults.push(
      'clickhouseEngine: "embedded" has no official image, and imageSource registry builds none. Allowed: server, or imageSource local, or a clickhouseImage that has it.',
    );
  }
  return faults;
}

function grafanaAbsence(values: Values<typeof readers>): string | undefined {
  if (!values.grafana) return "Switched off by config (grafana is false).";
  if (values.imageSource === "local" && values.grafanaImage === "") {
    return "Not running: Grafana exists only as an official image, which this machine cannot fetch. The dashboards are written as files instead.";
  }
  return undefined;
}

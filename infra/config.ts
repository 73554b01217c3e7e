import * as pulumi from "@pulumi/pulumi";
import type { KafkaAccess } from "../pipeline/kafka/access";
import { authorityOf } from "./authority";
import type { ClusterSize } from "./clickhouse/cluster";
import { clusterOf } from "./cluster-config";
import { crossFaults, stackFaults } from "./config-faults";
import { readers, secretKeys, type ConfigRead } from "./config-keys";
import type { KeyPair } from "./dynamic/certificates";
import { engineOf, type ClickhouseEngine } from "./engine-config";
import { externalClickhouseOf, externalKafkaOf, type ExternalClickhouse } from "./external-config";
import { hostsFaults, parseHosts, type Placement } from "./hosts-config";
import { hostsTlsOf, type HostsTls } from "./hosts-tls";
import { registryImages } from "./images/registry";
import { stackNames, stackPorts, type StackNames, type StackPorts } from "./names";
import { parseResets, type DeclaredReset } from "./offsets/declared-reset";
import { portFaults } from "./port-faults";
import { ConfigError, readAll, type Values } from "./settings";

/** A stack's whole config, checked. */
export interface PipelineConfig extends Omit<
  Values<typeof readers>,
  | "clickhouseEngine"
  | "grafana"
  | "kafkaAuthority"
  | `${"kafka" | "clickhouse"}External${string}`
  | `hosts${string}`
  | "offsetResets"
  | `${string}Port`
  | `${string}Image`
> {
  names: StackNames;
  ports: StackPorts;
  images: { kafka: string; clickhouse: string; grafana: string; node: string };
  clickhouseEngine: ClickhouseEngine;
  /** Undefined where ClickHouse is one server. */
  clickhouseCluster: ClusterSize | undefined;
  offsetResets: DeclaredReset[];
  /** Docker hosts by role; undefined where everything runs on one engine. */
  hosts: Placement | undefined;
  /** How engines behind TCP are spoken to. */
  hostsTls: HostsTls | undefined;
  /** A Kafka that the stack does not make; undefined where it makes its own. */
  kafkaExternal: KafkaAccess | undefined;
  /** A ClickHouse that the stack does not make; undefined where it makes its own. */
  clickhouseExternal: ExternalClickhouse | undefined;
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
  const hosts = parseHosts(read.hosts ?? "", faults);
  faults.push(
    ...stackFaults(stack),
    ...portFaults(ports, read.brokers, hosts?.kafka.length),
    ...crossFaults(read),
    ...hostsFaults(hosts, read),
  );
  const names = stackNames(stack);
  const offsetResets = parseResets(read.offsetResets ?? "", names, faults);
  if (faults.length > 0) throw new ConfigError(faults);

  const values = read as Values<typeof readers>;
  return {
    ...values,
    names,
    offsetResets,
    kafkaAuthority: authorityOf(values.kafkaAuthority),
    kafkaExternal: externalKafkaOf(values),
    clickhouseExternal: externalClickhouseOf(values),
    hosts,
    hostsTls: hostsTlsOf(values.hostsTls),
    ports,
    images: {
      kafka: values.kafkaImage || registryImages.kafka,
      clickhouse: values.clickhouseImage || registryImages.clickhouse,
      grafana: values.grafanaImage || registryImages.grafana,
      node: values.nodeImage || registryImages.node,
    },
    clickhouseEngine: engineOf(values),
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

function chosenPorts(stack: string, read: ConfigRead): StackPorts {
  const own = stackPorts(stack);
  return {
    kafka: read.kafkaPort || own.kafka,
    clickhouse: read.clickhousePort || own.clickhouse,
    clickhouseNative: read.clickhouseNativePort || own.clickhouseNative,
    grafana: read.grafanaPort || own.grafana,
    producer: read.producerPort || own.producer,
  };
}

function grafanaAbsence(values: Values<typeof readers>): string | undefined {
  if (!values.grafana) return "Switched off by config (grafana is false).";
  if (values.imageSource === "local" && values.grafanaImage === "") {
    return "Not running: Grafana exists only as an official image, which this machine cannot fetch. The dashboards are written as files instead.";
  }
  return undefined;
}

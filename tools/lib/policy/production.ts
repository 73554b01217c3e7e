import { knownText, type Finding, type Rule, type Subject } from "./rule";

const TOPIC = "kafka:index/topic:Topic";
const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";
/** The rows of a ClickHouse that the stack does not make. */
const STORED_ROWS = "pulumi-nodejs:dynamic/steamline:StoredRows";
const REPLICAS = 3;
const IN_SYNC = 2;
const IN_SYNC_KEY = "min.insync.replicas";
/** What a broker is told for the topics that it makes itself; Kafka's own defaults are enough. */
const INTERNAL: Readonly<Record<string, number>> = {
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: REPLICAS,
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: REPLICAS,
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: IN_SYNC,
  KAFKA_DEFAULT_REPLICATION_FACTOR: REPLICAS,
  KAFKA_MIN_INSYNC_REPLICAS: IN_SYNC,
};
/** Volumes that a container fills anew from what is declared, or that hold a moment's worth of records. */
const REBUILT = /-(grafana|producer-spool)$/;

/** One broker may stop, for an update or by a fault, while records are acknowledged by two. */
export const replication: Rule = {
  name: "replication",
  demands: `Topics have at least ${REPLICAS} replicas, of which ${IN_SYNC} have to be in sync.`,
  level: "mandatory",
  productionOnly: true,
  check: (subjects) => [
    ...subjects.filter(({ type }) => type === TOPIC).flatMap(topicReplicas),
    ...subjects.filter(({ type }) => type === CONTAINER).flatMap(internalReplicas),
  ],
};

function topicReplicas(subject: Subject): Finding[] {
  const factor = Number(subject.inputs["replicationFactor"] ?? 1);
  const config = (subject.inputs["config"] ?? {}) as Record<string, unknown>;
  // Kafka's own default is 1.
  const inSync = Number(config[IN_SYNC_KEY] ?? 1);
  return [
    ...(factor < REPLICAS
      ? [
          {
            subject,
            where: "replicationFactor",
            value: String(factor),
            fix: `npm run pulumi -- config set replicationFactor ${REPLICAS}, on as many brokers`,
          },
        ]
      : []),
    ...(inSync < IN_SYNC
      ? [
          {
            subject,
            where: `config["${IN_SYNC_KEY}"]`,
            value: String(inSync),
            fix: `have ${IN_SYNC} replicas in sync before a record is acknowledged`,
          },
        ]
      : []),
  ];
}

function internalReplicas(subject: Subject): Finding[] {
  const { envs } = subject.inputs;
  return (Array.isArray(envs) ? envs : []).flatMap((entry, i) => {
    const [name = "", value = ""] = (knownText(entry) ?? "").split("=", 2);
    const least = INTERNAL[name];
    if (least === undefined || Number(value) >= least) return [];
    return [
      {
        subject,
        where: `envs[${i}]`,
        value: `${name}=${value}`,
        fix: `set it to ${least}, on three brokers`,
      },
    ];
  });
}

/** `pulumi destroy` and a renamed volume are refused where they would take data with them. */
export const protectedData: Rule = {
  name: "protected-data",
  demands: "Volumes and tables with data are protected.",
  level: "mandatory",
  productionOnly: true,
  check: (subjects) =>
    subjects
      .filter(({ type, protect }) => (type === VOLUME || type === STORED_ROWS) && !protect)
      .filter(({ inputs }) => !REBUILT.test(knownText(inputs["name"]) ?? ""))
      .map((subject) => ({
        subject,
        where: "protect",
        value: `${subject.type === VOLUME ? "the volume" : "what is stored by"} ${knownText(subject.inputs["name"]) ?? subject.name} is not protected`,
        fix: "npm run pulumi -- config set protectData true",
      })),
};

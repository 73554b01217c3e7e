import { z } from "zod";
import { file, oneOf, optionsInvalid, secretFile, variable, whole } from "./environment";
import { formatNames, type FormatName } from "./format/format";
import { mechanisms } from "./kafka/access";
import type { ClusterOptions } from "./kafka/cluster";
import { codecNames, type CodecName } from "./kafka/codec";
import { partitionerNames, type PartitionerName } from "./kafka/partitioner";

const brokers = () =>
  variable("host:port, several parted by commas", (text) => {
    const list = text.split(",").map((broker) => broker.trim());
    return list.every((broker) => /^[^\s:,]+:\d{1,5}$/.test(broker)) ? list : undefined;
  });

const name = (longest: number) =>
  variable(`1 to ${longest} letters, digits, dots, underscores and dashes`, (text) =>
    text.length <= longest && /^[\w.-]+$/.test(text) ? text : undefined,
  );

/** The variables that say how Kafka is reached, and how records get there. */
export const kafkaVariables = {
  KAFKA_BROKERS: brokers(),
  CLIENT_ID: name(100).prefault("steam-producer"),
  KAFKA_TLS: oneOf(["true", "false"]).prefault("false"),
  KAFKA_TLS_CA_FILE: file("a file with certificates", certificates).optional(),
  KAFKA_SASL_MECHANISM: oneOf(mechanisms).optional(),
  KAFKA_SASL_USERNAME: variable("a name", (text) => text).optional(),
  KAFKA_SASL_PASSWORD_FILE: secretFile().optional(),
  FORMAT: oneOf(formatNames).prefault("JSONEachRow"),
  RECORDS_PER_MESSAGE: whole(1, 10_000).prefault("1"),
  PARTITIONER: oneOf(partitionerNames).prefault("murmur2"),
  COMPRESSION: oneOf(codecNames).prefault("none"),
  BATCH_BYTES: whole(1, 1_000_000).prefault("262144"),
  LINGER_MS: whole(0, 60_000).prefault("100"),
  BUFFER_BYTES: whole(1_048_576, 1_073_741_824).prefault("67108864"),
  MAX_IN_FLIGHT: whole(1, 5).prefault("5"),
  REQUEST_TIMEOUT_MS: whole(100, 300_000).prefault("10000"),
  TRANSACTIONAL_ID: name(200).optional(),
};

type Read = z.output<z.ZodObject<typeof kafkaVariables>>;

/** How Kafka is reached, and how records get there. */
export interface KafkaOptions {
  cluster: ClusterOptions;
  /** Has to be that of the Kafka tables that read the topics. @default "JSONEachRow" */
  format: FormatName;
  /** Records of one partition that are put into one message. @default 1 */
  recordsPerMessage: number;
  /** @default "murmur2" */
  partitioner: PartitionerName;
  /** @default "none" */
  compression: CodecName;
  /** Bytes of records, before compression, at which a batch is sent. @default 262144 */
  batchBytes: number;
  /** How long a batch that is not full waits for more. @default 100 */
  lingerMs: number;
  /** Bytes of records that wait or are on their way; above it, whoever writes has to wait. @default 67108864 */
  bufferBytes: number;
  /** Requests on their way to one broker. @default 5 */
  maxInFlight: number;
  /** Where there is one, a snapshot becomes visible whole or not at all. Each instance needs its own. */
  transactionalId?: string;
}

/** What those variables say. @throws PipelineError OPTIONS_INVALID where they do not fit together. */
export function kafkaOptions(read: Read): KafkaOptions {
  const sasl = saslOf(read);
  const tls = read.KAFKA_TLS_CA_FILE === undefined ? {} : { ca: read.KAFKA_TLS_CA_FILE };
  const isTls = read.KAFKA_TLS === "true" || read.KAFKA_TLS_CA_FILE !== undefined;
  return {
    cluster: {
      brokers: read.KAFKA_BROKERS,
      clientId: read.CLIENT_ID,
      requestTimeoutMs: read.REQUEST_TIMEOUT_MS,
      ...(isTls ? { tls } : {}),
      ...(sasl ? { sasl } : {}),
    },
    format: read.FORMAT,
    recordsPerMessage: read.RECORDS_PER_MESSAGE,
    partitioner: read.PARTITIONER,
    compression: read.COMPRESSION,
    batchBytes: read.BATCH_BYTES,
    lingerMs: read.LINGER_MS,
    bufferBytes: read.BUFFER_BYTES,
    maxInFlight: read.MAX_IN_FLIGHT,
    ...(read.TRANSACTIONAL_ID === undefined ? {} : { transactionalId: read.TRANSACTIONAL_ID }),
  };
}

function saslOf(read: Read): ClusterOptions["sasl"] {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username } = read;
  const password = read.KAFKA_SASL_PASSWORD_FILE;
  if (mechanism === undefined) return undefined;
  if (username !== undefined && password !== undefined) return { mechanism, username, password };
  throw optionsInvalid([
    "KAFKA_SASL_MECHANISM: needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD_FILE beside it.",
  ]);
}

function certificates(text: string): string | undefined {
  return text.includes("-----BEGIN CERTIFICATE-----") ? text : undefined;
}

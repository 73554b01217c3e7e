import type { SASLOptions } from "kafkajs";

/** The ways of proving a name by a password that Kafka offers and every client here speaks. */
export const mechanisms = ["plain", "scram-sha-256", "scram-sha-512"] as const;

export interface TlsAccess {
  /** Certificates of who is trusted, as PEM. @default the well-known authorities */
  ca?: string;
  /** The client's own, where the broker knows its clients by their certificates. */
  cert?: string;
  key?: string;
}

export interface SaslAccess {
  mechanism: (typeof mechanisms)[number];
  username: string;
  password: string;
}

/** Where a cluster is, and what it asks of its clients. */
export interface KafkaAccess {
  /** As `host:port,host:port`. */
  brokers: string;
  /** @default none, and everything goes in clear */
  tls?: TlsAccess;
  sasl?: SaslAccess;
}

interface Connection {
  brokers: string[];
  sasl?: SASLOptions;
}

/** The same for a client of kafkajs. */
export function kafkajsOptions(access: KafkaAccess): Connection & { ssl?: TlsAccess } {
  const { tls, ...connection } = clusterOptions(access);
  return { ...connection, ...(tls ? { ssl: tls } : {}) };
}

/** The same for a `KafkaCluster`. */
export function clusterOptions({ brokers, tls, sasl }: KafkaAccess): Connection & {
  tls?: TlsAccess;
} {
  // A copy: kafkajs keeps what it logs in with in the object it is given.
  const login = sasl ? { sasl: { ...sasl } } : {};
  return { brokers: brokers.split(","), ...(tls ? { tls } : {}), ...login };
}

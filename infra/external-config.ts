import { mechanisms, type KafkaAccess } from "../pipeline/kafka/access";
import { flag, oneOf, text, type Reader, type Values } from "./settings";

const BROKERS = /^[^\s:,]+:\d{1,5}(,[^\s:,]+:\d{1,5})*$/;
const CERTIFICATES = /^(\s*-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----)+\s*$/;
const DATABASE = /^(?!system$|steamline$|information_schema$)[a-z_][a-z0-9_]*$/;
const HTTP = /^https?:\/\/([^\s/:@?#]+|\[[0-9a-f:]+\])(:\d{1,5})?$/;

/** The keys that say where a Kafka is that the stack does not make, and what it asks. */
export const externalKafkaReaders = {
  kafkaExternal: matching(BROKERS, "empty, or host:port, several parted by commas"),
  kafkaExternalTls: flag(),
  kafkaExternalCa: matching(CERTIFICATES, "empty, or certificates as PEM"),
  kafkaExternalMechanism: oneOf("", ...mechanisms),
  kafkaExternalUsername: text(),
  kafkaExternalPassword: text(),
};

/** The keys that say where a ClickHouse is that the stack does not make, and who is let in there. */
export const externalClickhouseReaders = {
  clickhouseExternal: matching(HTTP, "empty, or https://host:port, or http://host:port"),
  clickhouseExternalDatabase: named(DATABASE, "a name of a-z, 0-9 and _, but system and steamline"),
  clickhouseExternalCa: matching(CERTIFICATES, "empty, or certificates as PEM"),
  clickhouseExternalUsername: text(),
  clickhouseExternalPassword: text(),
  clickhouseExternalReader: text(),
  clickhouseExternalReaderPassword: text(),
  clickhouseExternalBrokers: matching(BROKERS, "empty, or host:port, several parted by commas"),
};

type KafkaRead = Values<typeof externalKafkaReaders>;
type ClickhouseRead = Values<typeof externalClickhouseReaders>;

interface Login {
  username: string;
  password: string;
}

/** A ClickHouse that the stack does not make. */
export interface ExternalClickhouse {
  /** As it is found from this machine and from containers, without a path. */
  url: string;
  /** There already. The stack's objects stand there. */
  database: string;
  /** Certificates of who signed its own. @default the well-known authorities */
  ca?: string;
  /** Who makes the objects and writes. */
  admin: Login;
  /** Who reads for dashboards. */
  reader: Login;
  /** Brokers as they are found from there. @default as they are found from here */
  brokers?: string;
}

/** What is said there; undefined where the stack makes its own Kafka. */
export function externalKafkaOf(values: KafkaRead): KafkaAccess | undefined {
  const { kafkaExternal: brokers, kafkaExternalCa: ca, kafkaExternalMechanism: mechanism } = values;
  if (brokers === "") return undefined;
  const { kafkaExternalUsername: username, kafkaExternalPassword: password } = values;
  return {
    brokers,
    ...(values.kafkaExternalTls ? { tls: ca === "" ? {} : { ca } } : {}),
    ...(mechanism === "" ? {} : { sasl: { mechanism, username, password } }),
  };
}

/** What is said there; undefined where the stack makes its own ClickHouse. */
export function externalClickhouseOf(values: ClickhouseRead): ExternalClickhouse | undefined {
  const { clickhouseExternal: url, clickhouseExternalCa: ca } = values;
  const { clickhouseExternalBrokers: brokers } = values;
  if (url === "") return undefined;
  return {
    url,
    database: values.clickhouseExternalDatabase,
    ...(ca === "" ? {} : { ca }),
    admin: {
      username: values.clickhouseExternalUsername,
      password: values.clickhouseExternalPassword,
    },
    reader: {
      username: values.clickhouseExternalReader,
      password: values.clickhouseExternalReaderPassword,
    },
    ...(brokers === "" ? {} : { brokers }),
  };
}

/** What of it does not fit together. */
export function externalKafkaFaults(
  read: Partial<KafkaRead> & { brokers?: number; kafkaSecurity?: string },
): string[] {
  const isLogin = Boolean(read.kafkaExternalMechanism);
  const half = (["kafkaExternalUsername", "kafkaExternalPassword"] as const).filter(
    (key) => Boolean(read[key]) !== isLogin,
  );
  const faults = half.map((key) =>
    isLogin
      ? `${key}: is empty, but kafkaExternalMechanism ${read.kafkaExternalMechanism} needs it.`
      : `${key}: is of use only with kafkaExternalMechanism, which is empty.`,
  );
  if (!read.kafkaExternal) return faults;
  if ((read.brokers ?? 1) > 1)
    faults.push(
      `brokers: none are made beside kafkaExternal. Allowed: 1, which is then of no account.`,
    );
  if (read.kafkaSecurity === "sasl_ssl")
    faults.push(
      "kafkaSecurity: what an external Kafka asks is said by kafkaExternalTls and kafkaExternalMechanism. Allowed: plaintext, which is then of no account.",
    );
  return faults;
}

/** What of it does not fit together. */
export function externalClickhouseFaults(
  read: Partial<ClickhouseRead> & Pick<Partial<KafkaRead>, "kafkaExternal">,
): string[] {
  const { clickhouseExternal: url, clickhouseExternalCa: ca } = read;
  const needed = ["clickhouseExternalUsername", "clickhouseExternalReader"] as const;
  if (!url) return [];
  const faults = needed
    .filter((key) => read[key] === "")
    .map((key) => `${key}: is empty, but clickhouseExternal needs it.`);
  if (read.kafkaExternal === "")
    faults.push(
      "clickhouseExternal: a ClickHouse outside of the stack's network does not find the stack's own brokers there. Allowed: empty, or together with kafkaExternal.",
    );
  if (ca && url.startsWith("http:"))
    faults.push(
      `clickhouseExternalCa: is of use only with TLS, but clickhouseExternal is ${url}. Allowed: empty, or an https address.`,
    );
  return faults;
}

function matching(form: RegExp, allowed: string): Reader<string> {
  return named(new RegExp(`^$|${form.source}`), allowed);
}

function named(form: RegExp, allowed: string): Reader<string> {
  return { allowed, read: (given) => (form.test(given) ? given : undefined) };
}

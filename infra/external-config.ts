import { mechanisms, type KafkaAccess } from "../pipeline/kafka/access";
import { flag, oneOf, text, type Reader, type Values } from "./settings";

const BROKERS = /^[^\s:,]+:\d{1,5}(,[^\s:,]+:\d{1,5})*$/;
const CERTIFICATES = /^(\s*-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----)+\s*$/;

/** The keys that say where a Kafka is that the stack does not make, and what it asks. */
export const externalKafkaReaders = {
  kafkaExternal: matching(BROKERS, "empty, or host:port, several parted by commas"),
  kafkaExternalTls: flag(),
  kafkaExternalCa: matching(CERTIFICATES, "empty, or certificates as PEM"),
  kafkaExternalMechanism: oneOf("", ...mechanisms),
  kafkaExternalUsername: text(),
  kafkaExternalPassword: text(),
};

type Read = Values<typeof externalKafkaReaders>;

/** What is said there; undefined where the stack makes its own Kafka. */
export function externalKafkaOf(values: Read): KafkaAccess | undefined {
  const { kafkaExternal: brokers, kafkaExternalCa: ca, kafkaExternalMechanism: mechanism } = values;
  if (brokers === "") return undefined;
  const { kafkaExternalUsername: username, kafkaExternalPassword: password } = values;
  return {
    brokers,
    ...(values.kafkaExternalTls ? { tls: ca === "" ? {} : { ca } } : {}),
    ...(mechanism === "" ? {} : { sasl: { mechanism, username, password } }),
  };
}

/** What of it does not fit together. */
export function externalKafkaFaults(
  read: Partial<Read> & { brokers?: number; kafkaSecurity?: string },
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

function matching(form: RegExp, allowed: string): Reader<string> {
  return { allowed, read: (given) => (given === "" || form.test(given) ? given : undefined) };
}
